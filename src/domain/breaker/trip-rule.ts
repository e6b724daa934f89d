import type { BreakerPolicy, Checkpoint, Parts } from "./breaker.ts";

/** The rule that opens a closed breaker, or null while it may stay closed. */
export function brokenRule(
  { failures, rated }: Pick<Checkpoint, "failures" | "rated">,
  policy: BreakerPolicy,
): "consecutive" | "rate" | null {
  if (failures >= policy.consecutive) return "consecutive";
  return rated.length >= policy.minCalls && isFailing(sumParts(rated), policy) ? "rate" : null;
}

/** Whether an outcome failed on the whole: the share of its failed parts reaches the failure rate. */
export function isFailing({ ok, failed }: Parts, { failureRate }: BreakerPolicy): boolean {
  return failed > 0 && failed / (ok + failed) >= failureRate;
}

/** How many of the newest outcomes fail without a success between them. */
export function trailingFailures(outcomes: readonly Parts[], policy: BreakerPolicy): number {
  return outcomes.length - 1 - outcomes.findLastIndex((parts) => !isFailing(parts, policy));
}

/** The parts that succeeded and failed in all outcomes together: a run of many parts weighs more than a run of few. */
export function sumParts(outcomes: readonly Parts[]): Parts {
  return {
    ok: outcomes.reduce((sum, { ok }) => sum + ok, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
  };
}
