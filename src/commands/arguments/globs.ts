import { type Glob, isGlob } from "../../domain/batches/path-glob.ts";
import { quote } from "../../domain/quote.ts";
import type { Option } from "../argument.ts";
import { bareWord } from "../character.ts";

/** An option whose value is a list of globs, with blanks or commas between them: `--only cmake lib*`; none when not given. */
export function globs(description: string): Option<readonly Glob[]> {
  return {
    kind: "option",
    description,
    placeholder: "<glob…>",
    absent: [],
    read(words) {
      const typed = words.flatMap((word) => bareWord(word).split(",")).filter((word) => word !== "");
      if (typed.length === 0) return { kind: "problem", text: "needs a recipe or a glob", used: 0 };
      const bad = typed.find((word) => !isGlob(word));
      if (bad !== undefined) {
        const text = `takes paths inside the repository with \`*\`, \`**\` and \`?\`, not ${quote(bad, 80)}`;
        return { kind: "problem", text, used: words.length };
      }
      return { kind: "value", value: typed, used: words.length };
    },
  };
}
