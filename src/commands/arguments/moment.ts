import { casual } from "chrono-node/en";
import { DAY, type Instant, parseInstant, printInstant } from "../../domain/instant.ts";
import { quote } from "../../domain/quote.ts";
import type { Option } from "../argument.ts";
import { bareWord } from "../character.ts";

// An end further away is a slip of the finger more often than a plan.
const FURTHEST = 366 * DAY;

// A moment is a handful of short words; what else follows is the reason.
const MOST_WORDS = 6;
const LONGEST_WORD = 32;

/**
 * An option whose value is a moment to come, in UTC unless a zone is named: `18:00` (the next one), `2h`, `tomorrow 9:00`,
 * `friday`, `2026-02-04T12:00:00Z`; null when not given. A moment that is past or more than a year away is a problem; so
 * is `03/02`, which is February to one reader and March to another.
 */
export function moment(description: string): Option<Instant | null> {
  return {
    kind: "option",
    description,
    placeholder: "<time>",
    absent: null,
    read(words, { now }) {
      const found = findMoment(words, now);
      if (found === null)
        return { kind: "problem", text: describeNoMoment(words[0], now), used: Math.min(1, words.length) };
      const { instant, used } = found;
      const read = `is ${printInstant(instant)}`;
      if (instant <= now) return { kind: "problem", text: `${read}, which is past`, used };
      if (instant > now + FURTHEST) return { kind: "problem", text: `${read}, which is more than a year away`, used };
      return { kind: "value", value: instant, used };
    },
  };
}

function describeNoMoment(word: string | undefined, now: Instant): string {
  const typed = word === undefined ? "needs a time" : `needs a time, and ${quote(word, 40)} is none`;
  return `${typed}: write \`18:00\`, \`2h\`, \`tomorrow 9:00\` or \`${printInstant(now + DAY)}\` (UTC)`;
}

/** The moment that the first words name, and how many of them name it. */
function findMoment(words: readonly string[], now: Instant): { instant: Instant; used: number } | null {
  const plain = words.slice(0, MOST_WORDS).map(bareWord);
  const exact = parseInstant(plain[0]);
  if (exact !== null) return { instant: exact, used: 1 };

  const end = plain.findIndex((word) => word.length > LONGEST_WORD || /\d\/\d/.test(word));
  const readable = plain
    .slice(0, end === -1 ? undefined : end)
    .map((word) => word.replace(/^(\d{1,2}:\d\d)z$/i, "$1 UTC"));
  const [first] = casual.parse(readable.join(" "), { instant: new Date(now), timezone: 0 }, { forwardDate: true });
  if (first === undefined || first.index !== 0 || first.end) return null;
  const used = readable.findIndex((_, index) => readable.slice(0, index + 1).join(" ") === first.text) + 1;
  return used === 0 ? null : { instant: first.date().getTime(), used };
}
