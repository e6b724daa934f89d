import type { Parts } from "../breaker/breaker.ts";
import type { Week } from "../budget/week.ts";
import type { Ecosystem } from "../ecosystem.ts";

/** What was tried for each ecosystem in runs that ended in one week. */
export interface SuccessWeek {
  readonly week: Week;
  readonly tried: ReadonlyMap<Ecosystem, Parts>;
}

/** The running week, and the one before it, by which the objectives are judged. */
export const REMEMBERED_WEEKS = 2;

/**
 * Adds what a run tried to the week in which it ended. Only the newest weeks are kept, oldest first: a run from before them
 * comes too late. Sums do not depend on the order of what is added.
 */
export function addToWeeks(
  weeks: readonly SuccessWeek[],
  week: Week,
  tried: ReadonlyMap<Ecosystem, Parts>,
): readonly SuccessWeek[] {
  if (tried.size === 0) return weeks;
  const known = weeks.find((one) => one.week === week)?.tried ?? new Map<Ecosystem, Parts>();
  const sums = new Map(known);
  for (const [ecosystem, { ok, failed }] of tried) {
    const before = known.get(ecosystem) ?? { ok: 0, failed: 0 };
    sums.set(ecosystem, { ok: before.ok + ok, failed: before.failed + failed });
  }
  const others = weeks.filter((one) => one.week !== week);
  return [...others, { week, tried: sums }].sort((a, b) => (a.week < b.week ? -1 : 1)).slice(-REMEMBERED_WEEKS);
}
