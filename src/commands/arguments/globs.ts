import { type Glob, isGlob } from "../../domain/batches/path-glob.ts";
import { quote } from "../../domain/quote.ts";
import type { Option } from "../argument.ts";

/** An option whose value is a list of globs, with blanks or commas between them: `--only cmake lib*`; none when not given. */
export function globs(description: string): Option<readonly Glob[]> {
  return {
    kind: "option",
    description,
    placeholder: "<glob…>",
    absent: [],
    read(words) {
      const typed = words.flatMap((word) => word.split(",").map(unquoted)).filter((word) => word !== "");
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

/** A glob may end in an asterisk, which is otherwise taken for emphasis. */
function unquoted(word: string): string {
  return word.replace(/^["'`]/, "").replace(/["'`]$/, "");
}
