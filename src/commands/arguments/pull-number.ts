import { quote } from "../../domain/quote.ts";
import type { Option } from "../argument.ts";
import { bareWord } from "../character.ts";

/** An option whose value is the number of a pull request, `--pr 12` or `--pr #12`; null when not given. */
export function pullNumber(description: string): Option<number | null> {
  return {
    kind: "option",
    description,
    placeholder: "<number>",
    absent: null,
    read([typed]) {
      const word = bareWord(typed ?? "");
      const number = /^#?([1-9]\d{0,8})$/.exec(word)?.[1];
      if (number !== undefined) return { kind: "value", value: Number(number), used: 1 };
      const text = `needs the number of a pull request${word === "" ? "" : `, and ${quote(word, 40)} is none`}`;
      return { kind: "problem", text, used: typed === undefined ? 0 : 1 };
    },
  };
}
