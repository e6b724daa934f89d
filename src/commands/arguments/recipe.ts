import { quote } from "../../domain/quote.ts";
import type { Positional } from "../argument.ts";
import { bareWord } from "../character.ts";

/** The name of a recipe, `jq`, or its path; required. */
export function recipe(): Positional<string> {
  return {
    kind: "positional",
    usage: "<recipe>",
    read([typed]) {
      if (typed === undefined) return { kind: "problem", text: "It needs the name of a recipe, or its path.", used: 0 };
      const word = bareWord(typed);
      const isPath = /^(?!.*\.\.)[A-Za-z0-9@+._-]+(?:\/[A-Za-z0-9@+._-]+)*$/.test(word) && word.length <= 200;
      if (isPath) return { kind: "value", value: word, used: 1 };
      const text = `${quote(word, 80)} is no name of a recipe: letters, digits and \`@+._-\`, or the path of its file.`;
      return { kind: "problem", text, used: 1 };
    },
  };
}
