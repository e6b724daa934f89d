import { DAY, type Duration, HOUR, type Instant, MINUTE, parseInstant } from "../../domain/instant.ts";
import { quote } from "../../domain/quote.ts";
import type { Option } from "../argument.ts";
import { bareWord } from "../character.ts";

const UNITS: Readonly<Record<string, Duration>> = { m: MINUTE, h: HOUR, d: DAY };

/** An option whose value is a moment that is past: `7d`, `12h`, `2026-01-28`, `2026-01-28T03:15:00Z`; null when not given. */
export function since(description: string): Option<Instant | null> {
  return {
    kind: "option",
    description,
    placeholder: "<time>",
    absent: null,
    read([typed], { now }) {
      const word = bareWord(typed ?? "");
      const used = typed === undefined ? 0 : 1;
      const instant = readPast(word, now);
      if (instant === null) {
        const none = word === "" ? "" : `, and ${quote(word, 40)} is none`;
        return { kind: "problem", text: `needs a time that is past, such as \`7d\` or \`2026-01-28\`${none}`, used };
      }
      if (instant >= now) return { kind: "problem", text: "names a time that is not past yet", used };
      return { kind: "value", value: instant, used };
    },
  };
}

function readPast(word: string, now: Instant): Instant | null {
  const [, number, unit = ""] = /^(\d{1,4})([mhd])$/.exec(word) ?? [];
  if (number !== undefined) return now - Number(number) * (UNITS[unit] ?? DAY);
  return parseInstant(word) ?? parseInstant(`${word}T00:00:00Z`);
}
