import { quote } from "../../domain/quote.ts";
import type { Positional } from "../argument.ts";
import { bareWord } from "../character.ts";

/** How many, from 1 to a bound; the usual number when it is not given. */
export function count({ usual, most }: { readonly usual: number; readonly most: number }): Positional<number> {
  return {
    kind: "positional",
    usage: "[n]",
    read([typed]) {
      if (typed === undefined) return { kind: "value", value: usual, used: 0 };
      const word = bareWord(typed);
      const number = /^\d{1,6}$/.test(word) ? Number(word) : 0;
      if (number >= 1 && number <= most) return { kind: "value", value: number, used: 1 };
      return { kind: "problem", text: `It takes a number from 1 to ${most}, and not ${quote(word, 40)}.`, used: 1 };
    },
  };
}
