import { HOUR, type Instant } from "../instant.ts";
import type { Budget, BudgetPolicy } from "./budget.ts";
import { type Burn, burnOver, expectThresholds, type ThresholdForecast } from "./forecast.ts";
import { METERED_SYSTEMS, type MeteredSystem, RUNNER_SYSTEMS } from "./runner-system.ts";
import { weekOf } from "./week.ts";
import { spanFrom, type WeekSpan, weekSpan } from "./week-span.ts";

/** One budget of the week. */
export interface SystemDescription {
  readonly system: MeteredSystem;
  readonly used: number;
  readonly limit: number;
  readonly percent: number;
  readonly burn: { readonly sixHours: Burn; readonly day: Burn };
  /** At the rate of the last day. */
  readonly forecast: readonly ThresholdForecast[];
}

/** What there is to say about the budget at one moment. */
export interface BudgetDescription {
  readonly span: WeekSpan;
  /** Whether the week is the present one, is over, or is said to begin later; or none has begun, and this is the present. */
  readonly timing: "present" | "over" | "future" | "none";
  readonly systems: readonly SystemDescription[];
  /** In dollars, at the prices of the settings. */
  readonly cost: { readonly soFar: number; readonly byTheEnd: number };
}

/** The budget at `now`. */
export function describeBudget(budget: Budget, policy: BudgetPolicy, now: Instant): BudgetDescription {
  const ofFile = weekSpan(budget, policy.week);
  const span = ofFile ?? spanFrom(weekOf(now, policy.week), 0, policy.week);
  const systems = METERED_SYSTEMS.map((system) => describeSystem(budget, system, { span, now }, policy));
  const soFar = costOf(budget, policy);
  const rest = Math.max(0, span.ends - now) / HOUR;
  const more = systems.reduce((sum, { system, burn }) => sum + burn.day.rate * rest * policy.prices[system], 0);
  const timing = ofFile === null ? "none" : timingOf(span, now);
  return { span, timing, systems, cost: { soFar, byTheEnd: soFar + more } };
}

function timingOf({ begins, ends }: WeekSpan, now: Instant): BudgetDescription["timing"] {
  if (now >= ends) return "over";
  return now < begins ? "future" : "present";
}

/** Percent of a limit, rounded down: 100 means all of it. */
export function percentOf(used: number, limit: number): number {
  return Math.floor((100 * used) / limit);
}

function describeSystem(
  budget: Budget,
  system: MeteredSystem,
  at: { readonly span: WeekSpan; readonly now: Instant },
  policy: BudgetPolicy,
): SystemDescription {
  const used = budget.used[system];
  const limit = policy.limits[system];
  const sixHours = burnOver(6, budget, system, { ...at, limit });
  const day = burnOver(24, budget, system, { ...at, limit });
  return {
    system,
    used,
    limit,
    percent: percentOf(used, limit),
    burn: { sixHours, day },
    forecast: expectThresholds(used, { ...at, limit, rate: day.rate }, policy),
  };
}

function costOf({ used, unmetered }: Budget, { prices }: BudgetPolicy): number {
  const minutes = { ...used, ...unmetered };
  return RUNNER_SYSTEMS.reduce((sum, system) => sum + (system === "unknown" ? 0 : minutes[system] * prices[system]), 0);
}
