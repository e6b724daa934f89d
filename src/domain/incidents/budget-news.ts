import type { BudgetAlert } from "../budget/alert.ts";
import type { BudgetPolicy } from "../budget/budget.ts";
import { proposeFrequencies } from "../budget/frequency.ts";
import { weekSpan } from "../budget/week-span.ts";
import type { Control } from "../control/control.ts";
import type { Instant } from "../instant.ts";
import {
  budgetAlertText,
  budgetIncident,
  budgetRelieved,
  budgetSeverity,
  unreadableBudgetIncident,
  unreadableBudgetText,
} from "./budget-incident.ts";
import { frequencyIncident } from "./frequency-incident.ts";
import type { Incident } from "./incident.ts";

/** A word to say once in an issue. */
interface Word {
  readonly key: string;
  readonly text: string;
}

/** What people should find about the budget. */
export interface BudgetNews {
  /** The incident that should be open, with what to add to it if it is already; or none should, with the last word. */
  readonly incident:
    | { readonly kind: "open"; readonly incident: Incident; readonly updates: readonly Word[] }
    | { readonly kind: "closed"; readonly update: Word };
  /**
   * The issue that proposes to run batches less often. Only when an alert asks for it, so that one that a person has closed
   * does not come back with the next run.
   */
  readonly frequency: Incident | null;
}

/**
 * What follows for people from a budget and its new alerts. It is told from the state: asked again after a process died,
 * with the alerts that are due (`dueAlerts`), it says the same.
 */
export function budgetNews(
  { budget: reading, holds }: Control,
  alerts: readonly BudgetAlert[],
  policy: BudgetPolicy,
  now: Instant,
): BudgetNews {
  if (reading.kind === "unreadable") {
    const { problem } = reading;
    const updates = [{ key: "budget-unreadable", text: unreadableBudgetText(problem) }];
    return { incident: { kind: "open", incident: unreadableBudgetIncident(problem), updates }, frequency: null };
  }
  const { budget } = reading;
  const proposals = alerts.some(asksForLess) ? proposeFrequencies(budget, policy, now) : [];
  const frequency = proposals.length === 0 ? null : frequencyIncident(proposals);
  const severity = budgetSeverity(budget);
  const ends = weekSpan(budget, policy.week)?.ends;
  if (severity === null || ends === undefined) {
    const update = { key: `budget-relieved:${budget.weekStart}`, text: budgetRelieved(budget) };
    return { incident: { kind: "closed", update }, frequency };
  }
  const incident = budgetIncident({ budget, policy, holds, ends }, severity);
  const updates = alerts.map((alert) => ({ key: alert.key, text: budgetAlertText(alert, policy) }));
  return { incident: { kind: "open", incident, updates }, frequency };
}

function asksForLess(alert: BudgetAlert): boolean {
  return alert.kind === "share" || alert.level === "exhausted";
}
