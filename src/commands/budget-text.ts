import type { Budget, BudgetPolicy, BudgetReading } from "../domain/budget/budget.ts";
import { type BudgetDescription, describeBudget, type SystemDescription } from "../domain/budget/describe-budget.ts";
import type { Burn, ThresholdForecast } from "../domain/budget/forecast.ts";
import { SYSTEM_NAMES } from "../domain/budget/runner-system.ts";
import { type Share, shares } from "../domain/budget/share.ts";
import { counted } from "../domain/counted.ts";
import { type Instant, printInstant } from "../domain/instant.ts";
import { quote } from "../domain/quote.ts";
import { table } from "./markdown.ts";

/** The budget in one paragraph, for an overview. */
export function budgetSummary(reading: BudgetReading, policy: BudgetPolicy, now: Instant): string {
  if (reading.kind === "unreadable") return unreadableText(reading.problem);
  const { budget } = reading;
  const described = describeBudget(budget, policy, now);
  const sampling = budget.sampling ? " Sampling is on." : "";
  return `Budget of the week of ${described.span.week}: ${described.systems.map(usageText).join(", ")}.${sampling}${timingText(described)}`;
}

/** Why nothing is counted, and what to do about it. */
export function unreadableText(problem: string): string {
  return `**The budget in the control file cannot be read** (${quote(problem)}). It stays as it is; no minutes are counted and no budget hold comes or goes until somebody mends it by hand, or \`/batch budget reset\` begins it anew.`;
}

/** Everything about the week, section by section. */
export function budgetSections(budget: Budget, policy: BudgetPolicy, now: Instant): readonly string[] {
  const described = describeBudget(budget, policy, now);
  return [
    ...(described.timing === "present" ? [forecastTable(described), costText(budget, described)] : []),
    shareTable(shares(budget)),
    unmeteredText(budget),
    idleText(budget),
  ].filter((section) => section !== "");
}

/** `450 of 1000 macOS minutes (45 %)`. */
function usageText({ used, limit, percent, system }: SystemDescription): string {
  return `${minutesText(used)} of ${limit} ${SYSTEM_NAMES[system]} minutes (${percent} %)`;
}

/** What is wrong with the week, beginning with a blank; "" when it is the present one. */
function timingText({ timing, span }: BudgetDescription): string {
  switch (timing) {
    case "present":
      return "";
    case "none":
      return " No run is counted yet.";
    case "over":
      return ` That week ended at ${printInstant(span.ends)}; the next run that is counted begins a new one.`;
    case "future":
      return ` **That week has not begun**: nothing is counted before ${printInstant(span.begins)}. \`/batch budget reset\` begins the present one.`;
  }
}

function forecastTable({ systems, span }: BudgetDescription): string {
  const thresholds = systems[0]?.forecast.map(({ percent }) => `${percent} %`) ?? [];
  const rows = systems.map(({ system, burn, forecast }) => [
    SYSTEM_NAMES[system],
    burnText(burn.sixHours),
    burnText(burn.day),
    ...forecast.map(({ when }) => expectedText(when)),
  ]);
  return `${table(["", "last 6 h", "last 24 h", ...thresholds], rows, rows.length)}

A pace of 1.0× uses up a budget in exactly a week. The times are those at which so much will be used at the rate of the last 24 hours; the week ends at ${printInstant(span.ends)}.`;
}

function burnText({ rate, pace }: Burn): string {
  return `${rate.toFixed(1)} min/h (${pace.toFixed(1)}×)`;
}

function expectedText(when: ThresholdForecast["when"]): string {
  switch (when.kind) {
    case "reached":
      return "reached";
    case "not-this-week":
      return "not this week";
    case "expected":
      return printInstant(when.at);
  }
}

function costText({ unmetered }: Budget, { cost }: BudgetDescription): string {
  const missing =
    unmetered.unknown === 0 ? "" : `, without ${minutesText(unmetered.unknown)} minutes on unknown runners`;
  return `Cost at the configured prices: $${cost.soFar.toFixed(2)} so far, $${cost.byTheEnd.toFixed(2)} by the end of the week at this rate${missing}.`;
}

// A reply stays readable: whoever looks for the small ones reads the control file.
const MOST_SHARES = 15;

function shareTable(all: readonly Share[]): string {
  if (all.length === 0) return "";
  const rows = all.map(({ ecosystem, minutes, percent }) => [
    ecosystem === null ? "no ecosystem named" : quote(ecosystem, 64),
    `${minutesText(minutes.macos)} (${percent.macos} %)`,
    `${minutesText(minutes.linux)} (${percent.linux} %)`,
  ]);
  return table(["ecosystem", "macOS minutes", "Linux minutes"], rows, MOST_SHARES);
}

function unmeteredText({ unmetered }: Budget): string {
  const parts = (["windows", "self-hosted", "unknown"] as const)
    .filter((system) => unmetered[system] > 0)
    .map((system) => `${minutesText(unmetered[system])} ${SYSTEM_NAMES[system]}`);
  if (parts.length === 0) return "";
  const unknown =
    unmetered.unknown === 0
      ? ""
      : " The labels of the unknown ones name no system; `budget.runners` in the settings can say which it is.";
  return `Outside both budgets: ${parts.join(", ")} minutes.${unknown}`;
}

function idleText({ idle }: Budget): string {
  if (idle.jobs === 0) return "";
  return `Probably for nothing: ${counted(idle.jobs, "macOS job")}, ${minutesText(idle.minutes)} minutes. They succeeded in under two minutes and name no ecosystem; GitHub does not say whether they had anything to test.`;
}

/** Somebody may have written a fraction. */
function minutesText(minutes: number): string {
  return String(Math.round(minutes * 10) / 10);
}
