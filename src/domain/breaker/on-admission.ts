import { type Duration, HOUR, type Instant } from "../instant.ts";
import { mayRun } from "./admission.ts";
import type { Breaker, BreakerPolicy } from "./breaker.ts";
import { settle } from "./checkpoint.ts";
import { onTime } from "./on-time.ts";
import type { Transition } from "./transition.ts";

/** How long a probe may take to report: the longest that a job may run (GitHub documentation: "Actions limits"). */
export const PROBE_LEASE: Duration = 6 * HOUR;

/**
 * What the start of a run does to the breaker of an ecosystem that it works on: a due breaker gives it the lease of the
 * probe; any other lets it pass or denies it without a trace.
 */
export function onAdmission(
  breaker: Breaker,
  { run, at }: { readonly run: string; readonly at: Instant },
  policy: BreakerPolicy,
): Transition {
  const settled = onTime(breaker, policy, at);
  if (mayRun(breaker, policy, at).why !== "probe") return settled;
  const successes = settled.breaker.probe?.successes ?? 0;
  const probe = { successes, lease: { run, until: at + PROBE_LEASE } };
  return { kind: "probing", breaker: settle({ ...settled.breaker, state: "half-open", probe }, null) };
}
