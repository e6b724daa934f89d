import type { Positional } from "../argument.ts";

/** What waits, by the number of its pull request or the first digits of its digest; null when not given. */
export function waitingId(): Positional<string | null> {
  return {
    kind: "positional",
    usage: "[id]",
    read: ([word]) => {
      if (word === undefined) return { kind: "value", value: null, used: 0 };
      const id = word.replace(/^#/, "").toLowerCase();
      return /^(?:\d{1,10}|[0-9a-f]{7,64})$/.test(id)
        ? { kind: "value", value: id, used: 1 }
        : {
            kind: "problem",
            text: "An id is the number of a pull request, or the digits that were given with it.",
            used: 1,
          };
    },
  };
}
