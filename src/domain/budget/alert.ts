import { type Budget, type BudgetPolicy, THRESHOLD_LEVELS, type ThresholdLevel } from "./budget.ts";
import { thresholdOf } from "./level.ts";
import { METERED_SYSTEMS, type MeteredSystem } from "./runner-system.ts";
import { laterWeek, type Week, weekName } from "./week.ts";

/** Something that people are told once a week; `key` is how the file remembers that they were. */
export type BudgetAlert = { readonly key: string; readonly system: MeteredSystem } & (
  | { readonly kind: "threshold"; readonly level: ThresholdLevel; readonly percent: number }
  /** These ecosystems have used over half of the budget each (runbook section 4, escalation). */
  | { readonly kind: "share"; readonly ecosystems: readonly string[] }
);

/** As many weeks as "repeatedly exhausted" looks back over, the present one included. */
export const REMEMBERED_WEEKS = 4;

/** What a text of `alerts` looks like: `2026-W05:80:macos`. */
export const ALERT_KEY = /^\d{4}-W\d{2}:[a-z0-9:]{1,40}$/;

/** Everything that there is to be told in a week, told before or not. */
export function dueAlerts(budget: Budget, week: Week, policy: BudgetPolicy): readonly BudgetAlert[] {
  return METERED_SYSTEMS.flatMap((system) => [
    ...THRESHOLD_LEVELS.filter((level) => budget.reached[system][level] !== undefined).map((level) => {
      const percent = thresholdOf(level, policy);
      return { kind: "threshold", key: alertKey(week, percent, system), system, level, percent } as const;
    }),
    ...shareAlerts(budget, week, system, policy),
  ]);
}

/**
 * The alerts of a week with those that were told now. Of the weeks before it only those are remembered in which a budget
 * was exhausted, because nothing else of them is ever asked.
 */
export function rememberAlerts(alerts: readonly string[], week: Week, told: readonly BudgetAlert[]): readonly string[] {
  const oldest = weekName(laterWeek(week, 1 - REMEMBERED_WEEKS));
  const all = new Set([...alerts, ...told.map(({ key }) => key)]);
  return [...all].filter((key) => key.startsWith(weekName(week)) || (key >= oldest && isExhaustion(key))).sort();
}

/** In which of the remembered weeks a system's budget was exhausted before the week ended: `2026-W05`, oldest first. */
export function exhaustedWeeks({ alerts }: Budget, system: MeteredSystem): readonly string[] {
  const exhausted = `:100:${system}`;
  return alerts.filter((key) => key.endsWith(exhausted)).map((key) => key.slice(0, -exhausted.length));
}

function isExhaustion(key: string): boolean {
  return METERED_SYSTEMS.some((system) => key.endsWith(`:100:${system}`));
}

function shareAlerts(
  { ecosystems }: Budget,
  week: Week,
  system: MeteredSystem,
  { limits }: BudgetPolicy,
): readonly BudgetAlert[] {
  const over = [...ecosystems].filter(([, minutes]) => minutes[system] > limits[system] / 2).map(([name]) => name);
  if (over.length === 0) return [];
  return [{ kind: "share", key: alertKey(week, "share", system), system, ecosystems: over }];
}

function alertKey(week: Week, what: number | "share", system: MeteredSystem): string {
  return `${weekName(week)}:${what}:${system}`;
}
