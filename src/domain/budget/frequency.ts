import { HOUR, type Instant } from "../instant.ts";
import { exhaustedWeeks } from "./alert.ts";
import type { Budget, BudgetPolicy } from "./budget.ts";
import { METERED_SYSTEMS, type MeteredSystem } from "./runner-system.ts";
import { weekName } from "./week.ts";
import { type WeekSpan, weekSpan } from "./week-span.ts";

/** Why batches should run less often (runbook section 4, escalation). */
type Overuse =
  /** The budget was exhausted before the week ended, in these of the last four weeks. */
  | { readonly kind: "exhausted"; readonly weeks: readonly string[] }
  /** One ecosystem used over half of it. */
  | { readonly kind: "share"; readonly ecosystem: string };

/** How much less often, with the numbers that lead there. */
export interface FrequencyProposal {
  readonly system: MeteredSystem;
  readonly cause: Overuse;
  /** Minutes used so far, and in how many hours. */
  readonly used: number;
  readonly hours: number;
  /** Minutes that the whole week takes at this rate, and its hours. */
  readonly needed: number;
  readonly weekHours: number;
  /** Minutes that may be used in a week: up to where sampling begins, and half of the limit for one ecosystem. */
  readonly allowed: number;
  /** One run instead of so many. */
  readonly factor: number;
}

/** In how many of the weeks that are looked back over a budget may be exhausted before somebody has to act. */
const TOO_OFTEN = 2;

/** What there is to propose about the present week; usually nothing. */
export function proposeFrequencies(budget: Budget, policy: BudgetPolicy, now: Instant): readonly FrequencyProposal[] {
  const span = weekSpan(budget, policy.week);
  if (span === null) return [];
  return METERED_SYSTEMS.flatMap((system) => [
    ...exhausted(budget, system, { span, now }, policy),
    ...overShare(budget, system, { span, now }, policy),
  ]);
}

interface Moment {
  readonly span: WeekSpan;
  readonly now: Instant;
}

function exhausted(
  budget: Budget,
  system: MeteredSystem,
  moment: Moment,
  { limits, samplingAt }: BudgetPolicy,
): readonly FrequencyProposal[] {
  const weeks = exhaustedWeeks(budget, system);
  if (weeks.length < TOO_OFTEN || !weeks.includes(weekName(moment.span.week))) return [];
  const allowed = (limits[system] * samplingAt) / 100;
  return [propose(system, { kind: "exhausted", weeks }, { used: budget.used[system], allowed }, moment)];
}

function overShare(
  { ecosystems }: Budget,
  system: MeteredSystem,
  moment: Moment,
  { limits }: BudgetPolicy,
): readonly FrequencyProposal[] {
  const allowed = limits[system] / 2;
  return [...ecosystems]
    .filter(([, minutes]) => minutes[system] > allowed)
    .map(([ecosystem, minutes]) =>
      propose(system, { kind: "share", ecosystem }, { used: minutes[system], allowed }, moment),
    );
}

function propose(
  system: MeteredSystem,
  cause: Overuse,
  { used, allowed }: { readonly used: number; readonly allowed: number },
  { span, now }: Moment,
): FrequencyProposal {
  const hours = Math.max(1, Math.round((Math.min(now, span.ends) - span.since) / HOUR));
  const weekHours = (span.ends - span.begins) / HOUR;
  const needed = Math.max(used, (used / hours) * weekHours);
  return { system, cause, used, hours, needed, weekHours, allowed, factor: Math.max(2, Math.ceil(needed / allowed)) };
}
