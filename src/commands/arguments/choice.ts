import { quote } from "../../domain/quote.ts";
import type { Positional } from "../argument.ts";
import { bareWord } from "../character.ts";
import { nearest } from "../nearest.ts";

/** One of a few things to do, of one word or several (`sampling on`), in any case; null when none is given. */
export function choice<const Choice extends string>(...choices: readonly Choice[]): Positional<Choice | null> {
  return {
    kind: "positional",
    usage: `[${choices.join(" | ")}]`,
    read(words) {
      if (words.length === 0) return { kind: "value", value: null, used: 0 };
      const typed = words.map((word) => bareWord(word).toLowerCase());
      const meant = choices.find((phrase) => phrase.split(" ").every((word, index) => word === typed[index]));
      if (meant !== undefined) return { kind: "value", value: meant, used: meant.split(" ").length };
      const near = nearest(typed.slice(0, 2).join(" "), choices);
      const way =
        near === null
          ? `It takes ${choices.map((phrase) => `\`${phrase}\``).join(", ")}.`
          : `Did you mean \`${near}\`?`;
      return {
        kind: "problem",
        text: `${quote(words.slice(0, 2).join(" "), 40)} is nothing that it does. ${way}`,
        used: words.length,
      };
    },
  };
}
