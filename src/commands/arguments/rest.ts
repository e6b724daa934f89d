import type { Rest } from "../argument.ts";

/**
 * The reason: the words after a dash that stands alone or before a word, after a colon at a word's end, or after
 * `reason:`, and whatever words the other arguments left. Empty when there are none.
 */
export function rest(): Rest {
  return { kind: "rest" };
}
