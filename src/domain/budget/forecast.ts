import { HOUR, type Instant } from "../instant.ts";
import { type Budget, type BudgetPolicy, THRESHOLD_LEVELS } from "./budget.ts";
import { wholeHour } from "./hour-of-use.ts";
import { thresholdOf } from "./level.ts";
import type { MeteredSystem } from "./runner-system.ts";
import type { WeekSpan } from "./week-span.ts";

/** How fast minutes go. */
export interface Burn {
  /** Minutes an hour. */
  readonly rate: number;
  /** As a multiple of the rate that uses up the budget in exactly a week: above 1 it does not last. */
  readonly pace: number;
}

/** When a threshold, in percent of the limit, is reached at a rate. */
export interface ThresholdForecast {
  readonly percent: number;
  readonly when: { readonly kind: "reached" | "not-this-week" } | { readonly kind: "expected"; readonly at: Instant };
}

/**
 * The rate over the last `hours` whole hours, the present one included, as far as the week goes back. At least an hour is
 * looked at: the first job of a week says nothing about the rest of it.
 */
export function burnOver(
  hours: number,
  budget: Budget,
  system: MeteredSystem,
  { span, limit, now }: { readonly span: WeekSpan; readonly limit: number; readonly now: Instant },
): Burn {
  const first = wholeHour(now) - (hours - 1) * HOUR;
  const minutes = budget.hours.filter(({ from }) => from >= first).reduce((sum, hour) => sum + hour[system], 0);
  const rate = (minutes * HOUR) / Math.max(now - Math.max(first, span.since), HOUR);
  return { rate, pace: (rate * (span.ends - span.begins)) / HOUR / limit };
}

/** When each threshold of a budget is reached at a rate. */
export function expectThresholds(
  used: number,
  {
    rate,
    limit,
    span,
    now,
  }: { readonly rate: number; readonly limit: number; readonly span: WeekSpan; readonly now: Instant },
  policy: BudgetPolicy,
): readonly ThresholdForecast[] {
  return THRESHOLD_LEVELS.map((level) => {
    const percent = thresholdOf(level, policy);
    const missing = (percent * limit) / 100 - used;
    const at = now + (missing / rate) * HOUR;
    if (missing <= 0) return { percent, when: { kind: "reached" } };
    return { percent, when: at < span.ends ? { kind: "expected", at } : { kind: "not-this-week" } };
  });
}
