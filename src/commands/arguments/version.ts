import { quote } from "../../domain/quote.ts";
import type { Option } from "../argument.ts";
import { bareWord } from "../character.ts";

/** An option whose value stands for `{version}` in addresses; null when not given. */
export function version(description: string): Option<string | null> {
  return {
    kind: "option",
    description,
    placeholder: "<version>",
    absent: null,
    read([typed]) {
      const word = bareWord(typed ?? "");
      if (/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/.test(word)) return { kind: "value", value: word, used: 1 };
      const text = `needs a version such as \`1.2.3\`${word === "" ? "" : `, and ${quote(word, 40)} is none`}`;
      return { kind: "problem", text, used: typed === undefined ? 0 : 1 };
    },
  };
}
