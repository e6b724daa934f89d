import type { PastVersion } from "../control/past-version.ts";
import type { Instant } from "../instant.ts";
import type { SystemDescription } from "./describe-budget.ts";
import type { WeekSpan } from "./week-span.ts";

/** How much of a budget was left at a moment; below 0 when more was used than there was. */
export interface BurnPoint {
  readonly at: Instant;
  readonly left: number;
}

/** How a week's budget went down, and how it will if the last day's rate goes on. */
export interface BurnDown {
  /** Oldest first, from the full budget at the beginning of the week to the present. */
  readonly past: readonly BurnPoint[];
  /** From the present on: until the budget is used up or the week ends. One point when there is no telling. */
  readonly forecast: readonly BurnPoint[];
}

/**
 * Draws one budget of a week from the versions of the control file.
 *
 * @param versions newest first
 * @param weekStart as the present file says it: versions of other weeks are passed over
 */
export function burnDown(
  { system, used, limit, burn }: SystemDescription,
  { span, now }: { readonly span: WeekSpan; readonly now: Instant },
  { versions, weekStart }: { readonly versions: readonly PastVersion[]; readonly weekStart: string },
): BurnDown {
  const present = { at: Math.min(now, span.ends), left: limit - used };
  const known = versions
    .flatMap(({ at, week }) => (week?.start === weekStart ? [{ at, left: limit - week.used[system] }] : []))
    .filter(({ at }) => at > span.since && at < present.at)
    .reverse();
  const past = [{ at: span.since, left: limit }, ...known, present];
  const { rate } = burn.day;
  const lastsHours = rate > 0 ? Math.max(0, present.left) / rate : Number.POSITIVE_INFINITY;
  const end = Math.min(span.ends, present.at + lastsHours * 3_600_000);
  const later = end > present.at ? [{ at: end, left: present.left - (rate * (end - present.at)) / 3_600_000 }] : [];
  return { past, forecast: [present, ...later] };
}
