import type { Instant } from "../instant.ts";
import { type Breaker, type BreakerPolicy, type Lease, PROBE_LEASE, type Standing } from "./breaker.ts";
import { footingOf, standingOf } from "./checkpoint.ts";
import { letPass } from "./on-time.ts";
import { stepThrough } from "./step.ts";
import { isOverWith, outcomesAfter } from "./window.ts";

/** When the run of a lease started. */
export function startOf({ until }: Lease): Instant {
  return until - PROBE_LEASE;
}

/**
 * The lease after an outcome: it ends with its run, and when the breaker has closed, or opened again, since that run
 * started.
 */
export function leaseAfter(
  lease: Lease | null,
  { run }: { readonly run: string },
  { state, opensAt }: Standing,
): Lease | null {
  if (lease === null || isOverWith(lease.run, run) || state === "closed") return null;
  return opensAt !== null && opensAt <= startOf(lease) ? lease : null;
}

/** The breaker with another lease: beside that it says what its outcomes lead to, as if the one before had never been. */
export function withLease(breaker: Breaker, lease: Lease | null, policy: BreakerPolicy): Breaker {
  const { checkpoint, passed } = footingOf(breaker, policy);
  const { end } = stepThrough(checkpoint, outcomesAfter(breaker.window, checkpoint.until), policy);
  const known = lease === null ? passed : Math.max(passed, startOf(lease));
  const { window } = breaker;
  return letPass({ ...standingOf(end), window, lease, checkpoint }, policy, known);
}
