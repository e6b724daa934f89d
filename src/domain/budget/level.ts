import type { Instant } from "../instant.ts";
import {
  BUDGET_LEVELS,
  type Budget,
  type BudgetLevel,
  type BudgetPolicy,
  type Reached,
  THRESHOLD_LEVELS,
  type ThresholdLevel,
} from "./budget.ts";
import type { MeteredSystem } from "./runner-system.ts";

/**
 * A level that was reached is left only when so many percent of the limit below its threshold are used: whoever raises a
 * limit a little does not make holds come and go. Within a week, minutes only grow.
 */
const MARGIN = 5;

/** Percent of a limit at which a level is reached (runbook section 4; 100 for "exhausted"). */
export function thresholdOf(level: ThresholdLevel, { samplingAt, stopAt }: BudgetPolicy): number {
  switch (level) {
    case "sampling":
      return samplingAt;
    case "stop":
      return stopAt;
    case "exhausted":
      return 100;
  }
}

/** The level that a budget is at. */
export function levelIn(reached: Reached): BudgetLevel {
  return THRESHOLD_LEVELS.findLast((level) => reached[level] !== undefined) ?? "none";
}

export function rankOf(level: BudgetLevel): number {
  return BUDGET_LEVELS.indexOf(level);
}

/** What a system's budget has reached with the minutes that it has now. */
export function reachedNow(budget: Budget, system: MeteredSystem, policy: BudgetPolicy): Reached {
  const before = budget.reached[system];
  const rank = rankOf(levelIn(before));
  const used = (100 * budget.used[system]) / policy.limits[system];
  const isReached = (level: ThresholdLevel) =>
    used >= thresholdOf(level, policy) - (rankOf(level) <= rank ? MARGIN : 0);
  const highest = THRESHOLD_LEVELS.findLast(isReached) ?? "none";
  const levels = THRESHOLD_LEVELS.filter((level) => rankOf(level) <= rankOf(highest));
  return Object.fromEntries(
    levels.map((level) => [level, reachedAt(budget, system, { level, before: before[level] ?? null }, policy)]),
  );
}

/**
 * The hour in which a level was reached, told from the minutes of every hour and not from when its event came, so that
 * late jobs make no difference. It stays what it was once the hour is further back than hours are remembered.
 */
function reachedAt(
  { used, hours }: Budget,
  system: MeteredSystem,
  { level, before }: { readonly level: ThresholdLevel; readonly before: Instant | null },
  policy: BudgetPolicy,
): Instant {
  const needed = (thresholdOf(level, policy) * policy.limits[system]) / 100;
  let total = used[system];
  let crossed = before;
  for (const hour of hours.toReversed()) {
    if (total < needed) break;
    crossed = hour.from;
    total -= hour[system];
  }
  const isEarlier = total >= needed;
  return (isEarlier ? before : crossed) ?? hours[0]?.from ?? 0;
}
