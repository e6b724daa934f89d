import type { Instant } from "../instant.ts";
import type { Breaker, BreakerPolicy, Lease } from "./breaker.ts";
import { concernsLease, onTime } from "./on-time.ts";
import { sumParts } from "./trip-rule.ts";

/** A count with what it counts towards: "2 of 5" tells an operator something, "2" does not. */
interface Progress {
  readonly count: number;
  readonly of: number;
}

/** What there is to say about a breaker at one moment. */
export type BreakerDescription =
  | {
      readonly state: "closed";
      /** Failing outcomes in a row, of those that open it. */
      readonly failures: Progress;
      readonly lastFailure: Instant | null;
      readonly recent: { readonly runs: number; readonly ok: number; readonly failed: number };
    }
  | {
      readonly state: "open";
      /** The failure that opened it; null when a person did. */
      readonly since: Instant | null;
      /** When it is due for a probe; null until a person resets it. */
      readonly opensAt: Instant | null;
      /** Openings in a row, of those that escalate the incident. */
      readonly trips: Progress;
    }
  | {
      readonly state: "half-open";
      /** Since when it is due for a probe; null when the writer of the file did not say. */
      readonly since: Instant | null;
      /** Successful probes, of those that close it. */
      readonly successes: Progress;
      readonly trips: Progress;
      /** The run under way; null when the next one to start is the probe. */
      readonly lease: Lease | null;
    };

/** The state that counts at `now`, with its facts: an open breaker that is due reads as half-open. */
export function describeBreaker(breaker: Breaker, policy: BreakerPolicy, now: Instant): BreakerDescription {
  const settled = onTime(breaker, policy, now).breaker;
  const { state, failures, lastFailure, opensAt, window, trips, probe } = settled;
  const openings: Progress = { count: trips, of: policy.escalateAfter };
  if (state === "closed") {
    const recent = { runs: window.length, ...sumParts(window) };
    return { state, failures: { count: failures, of: policy.consecutive }, lastFailure, recent };
  }
  const isDue = opensAt !== null && opensAt <= now;
  if (state === "open" && !isDue) {
    return { state, since: opensAt === null ? null : lastFailure, opensAt, trips: openings };
  }
  const successes: Progress = { count: probe?.successes ?? 0, of: policy.probes };
  const lease = settled.lease !== null && concernsLease(settled, settled.lease.until) ? settled.lease : null;
  return { state: "half-open", since: opensAt, successes, trips: openings, lease };
}
