import { z } from "zod";
import { DAY, type Duration, HOUR, MINUTE } from "../domain/instant.ts";
import { readJobNamePattern } from "../domain/job-name-pattern.ts";

/** In the order in which ISO 8601 counts them, from 1. */
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const UNITS: Readonly<Record<string, Duration>> = { m: MINUTE, h: HOUR, d: DAY };

/** A length of time as people write it, `60m`, `24h`, `7d`; milliseconds inside. At least a minute, at most 366 days. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}[mhd]$/, "write a length of time as a number and m, h or d, for example 60m")
  .transform((text) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? MINUTE))
  .refine((milliseconds) => milliseconds <= 366 * DAY, "a year is the longest");

export const ecosystemName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "an ecosystem is named in lower case: letters, digits, dots, - and _");

/** A path inside the repository: never absolute, never upwards, never a way to name another file of GitHub's own. */
export const repositoryPath = z
  .string()
  .max(200)
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[A-Za-z0-9._/-]+$/, "a path inside the repository, with / between folders");

export const share = z.number().min(0).max(1);
export const percent = z.number().int().min(1).max(100);
export const count = z.number().int().min(1).max(1000);
export const minutes = z.int().min(1).max(1e9);
export const price = z.number().min(0).max(100);
/** How the pull request of a change lands. */
export const mode = z.enum(["merge", "when-green", "review"]);

const regularExpression = z
  .string()
  .max(200, { abort: true })
  .superRefine((pattern, context) => {
    const read = readJobNamePattern(pattern);
    if (read.kind === "pattern") return;
    context.addIssue({ code: "custom", message: `a regular expression with a group named ecosystem: ${read.why}` });
  });

/** Where a run says what happened to each ecosystem. */
export const outcomeSource = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("artifact"), name: z.string().min(1).max(100) }),
  z.strictObject({ from: z.literal("file"), path: repositoryPath }),
  z.strictObject({ from: z.literal("jobs"), pattern: regularExpression }),
]);

export const timeZone = z.string().refine(isTimeZone, "an IANA time zone, for example Europe/Paris");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
