import type { Positional } from "../argument.ts";
import { describeIllFormed, describeUnknown, readNames } from "./name.ts";
import { type Scopes, scopesOf } from "./scopes.ts";

/**
 * The scope of a command that undoes a precaution. Nothing, `all`, `everything` or `*` is everything; otherwise every word
 * must name a known ecosystem, with blanks, commas or `and` between them. Anything else is refused.
 */
export function strictScopes(): Positional<Scopes> {
  return {
    kind: "positional",
    usage: "[ecosystem…]",
    read(words, context) {
      const names = readNames(words, context);
      const used = words.length;
      for (const name of names) {
        if (name.isEverything && names.length > 1) {
          return { kind: "problem", text: "Name ecosystems or everything, not both.", used };
        }
        if (name.isEverything) continue;
        if (name.ecosystem === null) return { kind: "problem", text: describeIllFormed(name.word), used };
        if (!name.isKnown) return { kind: "problem", text: describeUnknown(name, context), used };
      }
      return { kind: "value", value: scopesOf(names), used };
    },
  };
}
