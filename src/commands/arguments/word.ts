import type { Positional } from "../argument.ts";

/** One optional word, such as the command that help is asked for; null when not given. */
export function word(placeholder: string): Positional<string | null> {
  return {
    kind: "positional",
    usage: `[${placeholder}]`,
    read: ([value]) => ({ kind: "value", value: value ?? null, used: value === undefined ? 0 : 1 }),
  };
}
