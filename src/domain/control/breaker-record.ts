import { z } from "zod";
import type { Breaker, BreakerState } from "../breaker/breaker.ts";
import { parseInstant } from "../instant.ts";
import { checkpointRecord, printCheckpoint } from "./checkpoint-record.ts";
import type { Json } from "./json-edit.ts";
import { leaseRecord, printLease } from "./lease-record.ts";
import { printOptionalMoment } from "./moment-text.ts";
import { outcomeRecord, printOutcome } from "./outcome-record.ts";

const count = z.int().nonnegative();

/** An entry of `circuit_breaker`. Other programs write it, so its values are judged one by one in `breakerFrom`. */
export const breakerEntry = z.object({
  state: z.unknown().optional(),
  failures: z.unknown().optional(),
  last_failure: z.unknown().optional(),
  opens_at: z.unknown().optional(),
});
export type BreakerEntry = z.infer<typeof breakerEntry>;

/** What upstream's entry has no room for: an entry of `batchkeeper.breakers`. */
export const breakerExtension = z.object({
  window: z.array(outcomeRecord).default([]),
  trips: count.default(0),
  probe: z
    .object({ successes: count.default(0), lease: leaseRecord.nullable().default(null) })
    .nullable()
    .default(null),
  checkpoint: checkpointRecord.nullable().default(null),
});

export type BreakerExtension = z.infer<typeof breakerExtension>;

export const NO_EXTENSION: BreakerExtension = { window: [], trips: 0, probe: null, checkpoint: null };

/**
 * The breaker that an entry and its extension describe together. Absent, null and `""` mean what they mean to upstream's
 * scripts (`.state // "closed"`, `.failures // 0`). A state or a count that makes no sense fails closed, where
 * `check_breaker.sh` would let batches run: the breaker is open until a person resets it. So is an open breaker without a
 * readable date. Upstream's half-open has no probe of ours: a fresh one.
 */
export function breakerFrom(entry: BreakerEntry | null, extension: BreakerExtension): Breaker {
  const said = readState(entry?.state);
  const failures = readCount(entry?.failures);
  const legible = said !== null && failures !== null;
  const state = legible ? said : "open";
  return {
    state,
    failures: failures ?? 0,
    lastFailure: parseInstant(entry?.last_failure),
    opensAt: legible ? parseInstant(entry?.opens_at) : null,
    window: extension.window,
    trips: extension.trips,
    probe: state === "half-open" ? { successes: extension.probe?.successes ?? 0 } : null,
    lease: state === "closed" ? null : (extension.probe?.lease ?? null),
    checkpoint: extension.checkpoint,
  };
}

/**
 * The four upstream fields, in upstream's order. Where there is no date upstream either has no key or writes `""`: a key
 * that is `present` stays, and an open breaker always has its `opens_at`. Where we have counted there are always all four,
 * because a date that came and went with the order of events must not show.
 */
export function printBreakerEntry(breaker: Breaker, present: { has(key: string): boolean }): Record<string, Json> {
  const { state, failures, lastFailure, opensAt, checkpoint } = breaker;
  const isCounted = checkpoint !== null;
  return {
    state,
    failures,
    ...((lastFailure !== null || present.has("last_failure") || isCounted) && {
      last_failure: printOptionalMoment(lastFailure),
    }),
    ...((opensAt !== null || present.has("opens_at") || isCounted || state === "open") && {
      opens_at: printOptionalMoment(opensAt),
    }),
  };
}

/** The inverse of `breakerExtension`. */
export function printBreakerExtension({ window, trips, probe, lease, checkpoint }: Breaker): Record<string, Json> {
  const isProbed = probe !== null || lease !== null;
  return {
    window: window.map(printOutcome),
    trips,
    probe: isProbed ? { successes: probe?.successes ?? 0, lease: lease && printLease(lease) } : null,
    checkpoint: checkpoint && printCheckpoint(checkpoint),
  };
}

function readState(value: unknown): BreakerState | null {
  if (value === undefined || value === null) return "closed";
  return value === "closed" || value === "open" || value === "half-open" ? value : null;
}

/** Upstream compares with the shell, where `"4"` is 4. */
function readCount(value: unknown): number | null {
  if (value === undefined || value === null) return 0;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}
