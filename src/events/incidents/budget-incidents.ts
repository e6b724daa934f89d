import { budgetPolicy } from "../../config/policy.ts";
import { type BudgetAlert, dueAlerts } from "../../domain/budget/alert.ts";
import type { BudgetPolicy } from "../../domain/budget/budget.ts";
import type { MinutesCounted } from "../../domain/budget/count-minutes.ts";
import type { WeekReset } from "../../domain/budget/reset-week.ts";
import { weekSpan } from "../../domain/budget/week-span.ts";
import type { Control } from "../../domain/control/control.ts";
import { type BudgetNews, budgetNews } from "../../domain/incidents/budget-news.ts";
import { graver } from "../../domain/incidents/incident.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";

/** What counting, and the time, did to the budget. */
export interface MinutesKept {
  readonly minutes: MinutesCounted;
  /** Whether it may have been done before by a process that died right afterwards. */
  readonly isAgain: boolean;
  /** The reset with which time has begun a new week; null when it has not. */
  readonly weekReset: WeekReset | null;
}

/**
 * Makes the incidents say what the budget says: an alert is told once in the one incident of the week, which is closed when
 * no threshold is reached any more. Without news nothing is asked of GitHub.
 */
export async function keepBudgetIncidents(
  repository: Repository,
  control: Control,
  kept: MinutesKept,
  services: Services,
): Promise<void> {
  const { store, incidents, now } = services;
  const policy = budgetPolicy(await store.settings(repository));
  const alerts = alertsToTell(control, kept, policy);
  const { incident, frequency } = budgetNews(control, alerts, policy, now());
  if (incident.kind === "closed") {
    const { update } = incident;
    if (!mayBeOpen(control, kept)) return;
    await incidents.closeOver(repository, [{ cause: { kind: "budget" }, update, evidence: update.key }]);
  } else if (alerts.length > 0 || kept.minutes.kind === "unreadable") {
    await keepOpen(repository, incident, services);
  }
  if (frequency !== null) await incidents.raise(repository, frequency);
}

/** Only a threshold that was told opens the incident, and only of this week or the one before. */
function mayBeOpen({ budget }: Control, { minutes, isAgain, weekReset }: MinutesKept): boolean {
  const resets = [...(minutes.kind === "counted" ? minutes.resets : []), ...(weekReset === null ? [] : [weekReset])];
  return (
    isAgain || resets.some(({ wasTold }) => wasTold) || (budget.kind === "readable" && budget.budget.alerts.length > 0)
  );
}

/** What was told before is told again only for a run that was counted before: each word has a key, and is said once. */
function alertsToTell(
  { budget }: Control,
  { minutes, isAgain }: MinutesKept,
  policy: BudgetPolicy,
): readonly BudgetAlert[] {
  if (minutes.kind === "unreadable" || budget.kind === "unreadable") return [];
  const week = isAgain ? weekSpan(budget.budget, policy.week)?.week : undefined;
  return week === undefined ? minutes.alerts : dueAlerts(budget.budget, week, policy);
}

async function keepOpen(
  repository: Repository,
  { incident, updates }: Extract<BudgetNews["incident"], { kind: "open" }>,
  { incidents }: Services,
): Promise<void> {
  const { open, earlier } = await incidents.look(repository, incident.cause);
  if (open === null) return void (await incidents.open(repository, incident, earlier));
  const severity = graver(open.severity, incident.severity);
  let issue = open;
  for (const update of updates) issue = await incidents.update(repository, issue, severity, update);
}
