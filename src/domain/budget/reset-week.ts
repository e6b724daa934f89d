import type { Control } from "../control/control.ts";
import type { Hold } from "../holds/hold.ts";
import { releaseHolds } from "../holds/standing.ts";
import { type Instant, wholeSeconds } from "../instant.ts";
import { rememberAlerts } from "./alert.ts";
import { type Budget, type BudgetPolicy, type BudgetReading, UNUSED } from "./budget.ts";
import { type Week, weekOf } from "./week.ts";
import { weekSpan } from "./week-span.ts";

/** What a reset did. */
export interface WeekReset {
  /** The week that begins, or begins anew. */
  readonly week: Week;
  /** The budget's own holds: they end with its week. */
  readonly lifted: readonly Hold[];
  /** Whether people were told something of the week that ended. */
  readonly wasTold: boolean;
}

/** A control value whose budget has just begun. */
interface Begun {
  readonly control: Control & { readonly budget: Extract<BudgetReading, { kind: "readable" }> };
  readonly result: WeekReset;
}

/** Whether the week that the file has is over: for the timer, because a week without runs ends too. */
export function isWeekOver(reading: BudgetReading, now: Instant, { week }: BudgetPolicy): boolean {
  const span = reading.kind === "readable" ? weekSpan(reading.budget, week) : null;
  return span !== null && span.ends <= now;
}

/**
 * The reset by a person (runbook section 4): everything is zero, sampling is off, and the budget's own holds are lifted, and
 * no one else's. What ended before `now` never counts again, also in a week that the file did not have yet, and what people
 * were told this week they are not told again. It mends a budget that could not be read, too.
 */
export function resetWeek(control: Control, now: Instant, policy: BudgetPolicy): Begun {
  const week = weekOf(now, policy.week);
  const budget = control.budget.kind === "readable" ? control.budget.budget : UNUSED;
  const jobs = weekSpan(budget, policy.week)?.week === week ? budget.jobs : [];
  return begin(control, week, { since: wholeSeconds(now), jobs });
}

/** The weekly reset, with which a new week begins: its first job may have ended before anybody noticed. */
export function startWeek(control: Control, week: Week): Begun {
  return begin(control, week, {});
}

/** @param kept what the week has from its start on, beside what people were told */
function begin(control: Control, week: Week, kept: Partial<Pick<Budget, "since" | "jobs">>): Begun {
  const told = control.budget.kind === "readable" ? control.budget.budget.alerts : [];
  const budget = { ...UNUSED, ...kept, weekStart: week, alerts: rememberAlerts(told, week, []) };
  const lifted = control.holds.filter(isBudgets);
  const released = releaseHolds(control, isBudgets);
  return {
    control: { ...released, budget: { kind: "readable", budget } },
    result: { week, lifted, wasTold: wasTold(control.budget) },
  };
}

function wasTold(reading: BudgetReading): boolean {
  return reading.kind === "unreadable" || reading.budget.alerts.length > 0;
}

function isBudgets({ kind }: Hold): boolean {
  return kind === "budget";
}
