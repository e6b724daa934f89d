import type { Option } from "../argument.ts";
import { bareWord } from "../character.ts";

/** An option whose value is one word, `--hold h-3f2a91`; null when not given. */
export function text(placeholder: string, description: string): Option<string | null> {
  return {
    kind: "option",
    description,
    placeholder: `<${placeholder}>`,
    absent: null,
    read([value]) {
      if (value === undefined) return { kind: "problem", text: "needs a value", used: 0 };
      return { kind: "value", value: bareWord(value), used: 1 };
    },
  };
}
