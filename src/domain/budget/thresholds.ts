import type { Control } from "../control/control.ts";
import { type Ecosystem, parseReportedEcosystem } from "../ecosystem.ts";
import type { Hold } from "../holds/hold.ts";
import { type BudgetAlert, dueAlerts, rememberAlerts } from "./alert.ts";
import { type Budget, type BudgetPolicy, THRESHOLD_LEVELS } from "./budget.ts";
import { budgetHolds, stops } from "./budget-hold.ts";
import { boundEcosystems, type EcosystemMinutes } from "./ecosystem-minutes.ts";
import { NO_MINUTES } from "./hour-of-use.ts";
import { reachedNow } from "./level.ts";
import { METERED_SYSTEMS } from "./runner-system.ts";
import { weekSpan } from "./week-span.ts";

/** What follows from the minutes. */
interface Heeded {
  readonly budget: Budget;
  readonly holds: readonly Hold[];
  /** What people are to be told now. */
  readonly alerts: readonly BudgetAlert[];
}

/**
 * Looks at the thresholds: the levels that are reached, sampling, holds, and what people are to be told.
 *
 * @param before the budget with all minutes counted, and what it had reached
 * @param seen the ecosystems that the budget had before it counted
 */
export function applyThresholds(
  { holds, breakers }: Control,
  before: Budget,
  seen: EcosystemMinutes,
  policy: BudgetPolicy,
): Heeded {
  const week = weekSpan(before, policy.week)?.week;
  if (week === undefined) return { budget: before, holds, alerts: [] };
  const reached = { macos: reachedNow(before, "macos", policy), linux: reachedNow(before, "linux", policy) };
  const known = knownEcosystems(breakers, before, policy);
  const after = seeHeld({ ...before, reached, sampling: samplingAfter(before, reached) }, known, policy);
  const step = { before: before.reached, after: reached, seen, week };
  const alerts = dueAlerts(after, week, policy).filter(({ key }) => !before.alerts.includes(key));
  return {
    budget: { ...after, alerts: rememberAlerts(before.alerts, week, alerts) },
    holds: budgetHolds(holds, step, known, policy),
    alerts,
  };
}

/**
 * Sampling begins when a budget reaches its first level and ends when none is at one any more. In between it stays as a
 * person set it.
 */
function samplingAfter({ sampling, reached: before }: Budget, reached: Budget["reached"]): boolean {
  const isAny = (budgets: Budget["reached"]) =>
    METERED_SYSTEMS.some((system) => budgets[system].sampling !== undefined);
  const begins = METERED_SYSTEMS.some(
    (system) => before[system].sampling === undefined && reached[system].sampling !== undefined,
  );
  if (begins) return true;
  return isAny(before) && !isAny(reached) ? false : sampling;
}

/** The ecosystems that a threshold can stop: those that are configured, have a breaker, or have used minutes. */
function knownEcosystems(
  breakers: Control["breakers"],
  { ecosystems }: Budget,
  { configured, aliases }: BudgetPolicy,
): readonly Ecosystem[] {
  const names = [...configured, ...breakers.keys(), ...ecosystems.keys()];
  return [...new Set(names.flatMap((name) => parseReportedEcosystem(name, aliases) ?? []))];
}

/** Remembers which ecosystems a threshold has stopped, so that one of them that a person resumes is not taken for new. */
function seeHeld(budget: Budget, known: readonly Ecosystem[], policy: BudgetPolicy): Budget {
  const levels = METERED_SYSTEMS.flatMap((system) =>
    THRESHOLD_LEVELS.filter((level) => budget.reached[system][level] !== undefined),
  );
  const unseen = known.filter(
    (name) => !budget.ecosystems.has(name) && levels.some((level) => stops(level, name, policy)),
  );
  if (unseen.length === 0) return budget;
  const ecosystems = boundEcosystems(
    new Map([...budget.ecosystems, ...unseen.map((name) => [name, NO_MINUTES] as const)]),
  );
  return { ...budget, ecosystems };
}
