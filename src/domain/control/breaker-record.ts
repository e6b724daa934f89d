import { z } from "zod";
import type { Breaker, BreakerState, Probe } from "../breaker/breaker.ts";
import { parseInstant, printInstant } from "../instant.ts";
import type { Json } from "./json-edit.ts";
import { momentText, printOptionalMoment } from "./moment-text.ts";
import { runText } from "./seen.ts";

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
  window: z.array(z.object({ run: runText, at: momentText, ok: count, failed: count })).default([]),
  trips: count.default(0),
  probe: z
    .object({
      successes: count.default(0),
      lease: z.object({ run: runText, until: momentText }).nullable().default(null),
    })
    .nullable()
    .default(null),
});

export type BreakerExtension = z.infer<typeof breakerExtension>;

export const NO_EXTENSION: BreakerExtension = { window: [], trips: 0, probe: null };

const FRESH_PROBE: Probe = { successes: 0, lease: null };

/**
 * The breaker that an entry and its extension describe together. Absent, null and `""` mean what they mean to upstream's
 * scripts (`.state // "closed"`, `.failures // 0`). A state or a count that makes no sense fails closed, where
 * `check_breaker.sh` would let batches run: the breaker is open until a person resets it. So is an open breaker without a
 * readable date. Upstream's half-open has no probe of ours: a fresh one.
 */
export function breakerFrom(entry: BreakerEntry | null, { window, trips, probe }: BreakerExtension): Breaker {
  const said = readState(entry?.state);
  const failures = readCount(entry?.failures);
  const legible = said !== null && failures !== null;
  const state = legible ? said : "open";
  return {
    state,
    failures: failures ?? 0,
    lastFailure: parseInstant(entry?.last_failure),
    opensAt: legible ? parseInstant(entry?.opens_at) : null,
    window,
    trips,
    probe: state === "half-open" ? (probe ?? FRESH_PROBE) : null,
  };
}

/**
 * The four upstream fields, in upstream's order. Where there is no date upstream either has no key or writes `""`: a key
 * that is `present` stays, and an open breaker always has its `opens_at`.
 */
export function printBreakerEntry(breaker: Breaker, present: { has(key: string): boolean }): Record<string, Json> {
  const { state, failures, lastFailure, opensAt } = breaker;
  return {
    state,
    failures,
    ...((lastFailure !== null || present.has("last_failure")) && { last_failure: printOptionalMoment(lastFailure) }),
    ...((opensAt !== null || present.has("opens_at") || state === "open") && {
      opens_at: printOptionalMoment(opensAt),
    }),
  };
}

/** The inverse of `breakerExtension`. */
export function printBreakerExtension({ window, trips, probe }: Breaker): Record<string, Json> {
  return {
    window: window.map(({ run, at, ok, failed }) => ({ run, at: printInstant(at), ok, failed })),
    trips,
    probe: probe && {
      successes: probe.successes,
      lease: probe.lease && { run: probe.lease.run, until: printInstant(probe.lease.until) },
    },
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
