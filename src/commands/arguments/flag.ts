import type { Option } from "../argument.ts";

/** An option without a value, `--now`: true when given. */
export function flag(description: string): Option<boolean> {
  return {
    kind: "option",
    description,
    placeholder: null,
    absent: false,
    read: () => ({ kind: "value", value: true, used: 0 }),
  };
}
