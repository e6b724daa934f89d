import type { Breaker, BreakerPolicy } from "./breaker.ts";
import { isFailing, sumParts } from "./window.ts";

/** The rule that opens a closed breaker, or null while it may stay closed. */
export function brokenRule(
  { failures, window }: Pick<Breaker, "failures" | "window">,
  policy: BreakerPolicy,
): "consecutive" | "rate" | null {
  if (failures >= policy.consecutive) return "consecutive";
  return window.length >= policy.minCalls && isFailing(sumParts(window), policy) ? "rate" : null;
}
