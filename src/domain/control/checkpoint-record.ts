import { z } from "zod";
import type { Checkpoint, Moment } from "../breaker/breaker.ts";
import { printInstant } from "../instant.ts";
import { momentText } from "./moment-text.ts";
import { partsText, printParts } from "./outcome-record.ts";
import { runText } from "./seen.ts";

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** `2026-01-28T03:15:00Z 17352.1`, or only the time. */
const placeText = z
  .string()
  .transform((text) => {
    const [at, run = null] = text.split(" ", 2);
    return { at, run };
  })
  .pipe(z.object({ at: momentText, run: runText.nullable() }));

const facts = z.object({
  until: placeText.optional(),
  state: z.enum(["closed", "open", "half-open"]),
  failures: count,
  last_failure: momentText.optional(),
  last_failure_by: z.literal("pipeline").optional(),
  opens_at: momentText.optional(),
  trips: count,
  successes: count.optional(),
  rated: z
    .string()
    .transform((text) => text.split(" "))
    .pipe(z.array(partsText))
    .optional(),
});

/**
 * A checkpoint as the file keeps it, in one line that names its facts:
 * `until 2026-01-28T03:15:00Z 17352.1, state closed, failures 3, last_failure 2026-01-28T01:15:00Z, trips 1, rated 24/1 0/3`.
 */
export const checkpointRecord = z
  .string()
  .transform((text) => Object.fromEntries(text.split(", ").map(readFact)))
  .pipe(facts)
  .transform(
    ({ until, last_failure, last_failure_by, opens_at, successes, rated, ...same }): Checkpoint => ({
      ...same,
      lastFailure: last_failure ?? null,
      opensAt: opens_at ?? null,
      probe: successes === undefined ? null : { successes },
      rated: rated ?? [],
      pipelineFailure: last_failure_by === "pipeline",
      until: until ?? null,
    }),
  );

/** The inverse of `checkpointRecord`. */
export function printCheckpoint(checkpoint: Checkpoint): string {
  const { until, state, failures, lastFailure, pipelineFailure, opensAt, trips, probe, rated } = checkpoint;
  const said: Record<keyof z.input<typeof facts>, string | number | null> = {
    until: until && printPlace(until),
    state,
    failures,
    last_failure: lastFailure === null ? null : printInstant(lastFailure),
    last_failure_by: pipelineFailure ? "pipeline" : null,
    opens_at: opensAt === null ? null : printInstant(opensAt),
    trips,
    successes: probe?.successes ?? null,
    rated: rated.length === 0 ? null : rated.map(printParts).join(" "),
  };
  return Object.entries(said)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
}

function readFact(text: string): readonly string[] {
  const [key = "", ...words] = text.split(" ");
  return [key, words.join(" ")];
}

function printPlace({ at, run }: Moment): string {
  return run === null ? printInstant(at) : `${printInstant(at)} ${run}`;
}
