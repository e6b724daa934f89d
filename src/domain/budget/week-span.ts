import type { Instant } from "../instant.ts";
import type { Budget } from "./budget.ts";
import { laterWeek, startOf, type Week, type WeekRule, weekOfDate } from "./week.ts";

/** The time that a budget is of. */
export interface WeekSpan {
  readonly week: Week;
  readonly begins: Instant;
  /** Since when minutes count: the beginning, or a reset since. */
  readonly since: Instant;
  readonly ends: Instant;
}

/** The week of a budget; null before its first. */
export function weekSpan({ weekStart, since }: Budget, rule: WeekRule): WeekSpan | null {
  return weekStart === "" ? null : spanFrom(weekStart.slice(0, 10), since ?? 0, rule);
}

/**
 * The week of a date, in which minutes count from that date and from `since` on: whoever resets the budget by hand writes
 * the date of that day (runbook section 4).
 */
export function spanFrom(date: string, since: Instant, rule: WeekRule): WeekSpan {
  const week = weekOfDate(date, rule);
  const ends = startOf(laterWeek(week, 1), rule);
  return { week, begins: startOf(week, rule), since: Math.max(startOf(date, rule), since), ends };
}
