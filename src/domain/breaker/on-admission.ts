import type { Instant } from "../instant.ts";
import { mayRun } from "./admission.ts";
import { type Breaker, type BreakerPolicy, PROBE_LEASE } from "./breaker.ts";
import { startOf, withLease } from "./lease.ts";
import type { Transition } from "./transition.ts";

/** A run that started. */
export interface StartedRun {
  readonly run: string;
  readonly at: Instant;
}

/**
 * What the start of a run does to the breaker of an ecosystem: one that is due gives it the lease of the probe; any other
 * lets it pass or denies it without a trace. Of several that started meanwhile the first has it, whichever is heard of
 * first.
 */
export function onAdmission(breaker: Breaker, { run, at }: StartedRun, policy: BreakerPolicy): Transition {
  const nothing: Transition = { kind: "none", breaker };
  const { lease } = breaker;
  const admission = mayRun(breaker, policy, at);
  const isEarlier =
    admission.why === "probe under way" &&
    lease !== null &&
    at < startOf(lease) &&
    mayRun({ ...breaker, lease: null }, policy, at).why === "probe";
  if (admission.why !== "probe" && !isEarlier) return nothing;
  return { kind: "probing", breaker: withLease(breaker, { run, until: at + PROBE_LEASE }, policy) };
}
