import { z } from "zod";
import type { Outcome, Parts } from "../breaker/breaker.ts";
import { type Instant, printInstant, SECOND } from "../instant.ts";
import { momentText } from "./moment-text.ts";
import { runText } from "./seen.ts";

// Every number that these let pass is exact.
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** Parts that succeeded and failed, `24/1`. */
export const partsText = z
  .string()
  .transform((text) => {
    const [ok, failed] = text.split("/", 2);
    return { ok, failed };
  })
  .pipe(z.object({ ok: count, failed: count }));

/** The run, when it ended, how long it worked on the ecosystem, and its parts: `17352.1 2026-01-28T03:15:00Z 725s 24/1`. */
const outcomeText = z
  .string()
  .transform((text) => {
    const [run, at, took, parts] = text.split(" ", 4);
    return { run, at, took: took?.replace(/s$/, ""), parts };
  })
  .pipe(z.object({ run: runText, at: momentText, took: count, parts: partsText }))
  .transform(({ run, at, took, parts }): Outcome => ({ run, startedAt: at - took * SECOND, at, ...parts }));

const naturalNumber = z.int().nonnegative();

/** As an earlier version spread it over an object, without the beginning: what it keeps is settled, and needs none. */
const sampleObject = z
  .object({ run: runText, at: momentText, ok: naturalNumber, failed: naturalNumber })
  .transform((sample): Outcome => ({ ...sample, startedAt: sample.at }));

/** An outcome as the file keeps it: one line, because there are hundreds of them. */
export const outcomeRecord = z.union([outcomeText, sampleObject], {
  error: "Invalid outcome: expected one like 17352.1 2026-01-28T03:15:00Z 725s 24/1",
});

/** The inverse of `outcomeText`. */
export function printOutcome({ run, startedAt, at, ...parts }: Outcome): string {
  return `${run} ${printInstant(at)} ${Math.max(0, seconds(at) - seconds(startedAt))}s ${printParts(parts)}`;
}

/** The inverse of `partsText`. */
export function printParts({ ok, failed }: Parts): string {
  return `${ok}/${failed}`;
}

function seconds(instant: Instant): number {
  return Math.floor(instant / SECOND);
}
