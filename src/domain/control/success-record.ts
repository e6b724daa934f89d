import { z } from "zod";
import { dictionary } from "../dictionary.ts";
import { type Ecosystem, parseEcosystem } from "../ecosystem.ts";
import { REMEMBERED_WEEKS, type SuccessWeek } from "../objective/success-week.ts";
import { partsText, printParts } from "./outcome-record.ts";

const NO_ALIASES = new Map<string, string>();

const ecosystemName = z.string().transform((text, context): Ecosystem => {
  const ecosystem = parseEcosystem(text, NO_ALIASES);
  if (ecosystem === text) return ecosystem;
  context.addIssue({ code: "custom", message: "Invalid name of an ecosystem" });
  return z.NEVER;
});

/** `crates.io 24/1, homebrew 240/10`: what succeeded and failed in a week. */
const triedText = z
  .string()
  .transform((text) => text.split(", ").map((part) => part.split(" ", 2)))
  .pipe(z.array(z.tuple([ecosystemName, partsText])))
  .transform((entries) => new Map(entries));

/**
 * `batchkeeper.slo` of the file: a line for each week, by the date of its first day. What cannot be understood is forgotten:
 * it is counted for people, and no batch depends on it.
 */
export const successRecord = dictionary(triedText)
  .transform((weeks): readonly SuccessWeek[] =>
    [...weeks]
      .filter(([week]) => /^\d{4}-\d{2}-\d{2}$/.test(week))
      .map(([week, tried]) => ({ week, tried }))
      .sort((a, b) => (a.week < b.week ? -1 : 1))
      .slice(-REMEMBERED_WEEKS),
  )
  .catch([]);

/** The inverse of `successRecord`. */
export function printSuccess(weeks: readonly SuccessWeek[]): Readonly<Record<string, string>> {
  return Object.fromEntries(weeks.map(({ week, tried }) => [week, printTried(tried)]));
}

/** In the order of the alphabet: which ecosystem was heard of first must not show. */
function printTried(tried: SuccessWeek["tried"]): string {
  return [...tried]
    .map(([ecosystem, parts]) => `${ecosystem} ${printParts(parts)}`)
    .sort()
    .join(", ");
}
