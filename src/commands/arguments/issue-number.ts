import type { Positional } from "../argument.ts";
import { bareWord } from "../character.ts";

/** The number of an issue, `#12`; null when the next word is none: a number without its sign may begin a reason. */
export function issueNumber(): Positional<number | null> {
  return {
    kind: "positional",
    usage: "[#n]",
    read([typed]) {
      const number = /^#([1-9]\d{0,8})$/.exec(bareWord(typed ?? ""))?.[1];
      return { kind: "value", value: number === undefined ? null : Number(number), used: number === undefined ? 0 : 1 };
    },
  };
}
