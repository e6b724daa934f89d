import type { BudgetReading } from "../domain/budget/budget.ts";
import type { BudgetDescription, SystemDescription } from "../domain/budget/describe-budget.ts";
import { SYSTEM_NAMES } from "../domain/budget/runner-system.ts";
import { printInstant } from "../domain/instant.ts";
import { quote } from "../domain/quote.ts";

/** The budget in one paragraph, for an overview. */
export function budgetSummary(reading: BudgetReading, described: BudgetDescription | null): string {
  if (reading.kind === "unreadable") return unreadableText(reading.problem);
  if (described === null) return "Budget: no minutes are counted yet.";
  const { span, systems } = described;
  const sampling = reading.budget.sampling ? "; sampling is on" : "";
  return `Budget of the week of ${span.week}: ${systems.map(usageText).join(", ")}${sampling}.${timingText(described)}`;
}

/** Why nothing is counted, and what to do about it. */
export function unreadableText(problem: string): string {
  return `**The budget in the control file cannot be read** (${quote(problem)}). It stays as it is, no minutes are counted and no budget hold comes or goes until it is mended by hand, or \`/batch budget reset\` begins it anew.`;
}

/** What is wrong with the week, beginning with a blank; "" when it is the present one. */
export function timingText({ timing, span }: BudgetDescription): string {
  switch (timing) {
    case "present":
      return "";
    case "over":
      return ` That week ended at ${printInstant(span.ends)}: the next run that is counted begins a new one.`;
    case "future":
      return ` **That week has not begun**: nothing is counted before ${printInstant(span.begins)}. \`/batch budget reset\` begins the present one.`;
  }
}

/** `450 of 1000 macOS minutes (45 %)`. */
function usageText({ used, limit, percent, system }: SystemDescription): string {
  return `${minutesText(used)} of ${limit} ${SYSTEM_NAMES[system]} minutes (${percent} %)`;
}

/** Somebody may have written a fraction. */
export function minutesText(minutes: number): string {
  return String(Math.round(minutes * 10) / 10);
}
