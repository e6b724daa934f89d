import type { Control } from "../control/control.ts";
import { type Ecosystem, parseReportedEcosystem } from "../ecosystem.ts";
import { type BudgetAlert, dueAlerts, rememberAlerts } from "./alert.ts";
import { type Budget, type BudgetPolicy, THRESHOLD_LEVELS } from "./budget.ts";
import { budgetHolds, stops } from "./budget-hold.ts";
import { addToHour, NO_MINUTES, plus } from "./hour-of-use.ts";
import { hasCounted, markCounted } from "./job-ledger.ts";
import { type JobMinutes, jobMinutes, type RunJobs } from "./job-minutes.ts";
import { reachedNow } from "./level.ts";
import { currentWeek, startWeek, type WeekReset } from "./reset-week.ts";
import { METERED_SYSTEMS } from "./runner-system.ts";
import { startOf, type Week, weekOf } from "./week.ts";

/** What counting minutes did. */
export type MinutesCounted =
  | {
      readonly kind: "counted";
      /** Jobs counted now, which were not before. */
      readonly jobs: number;
      /** Jobs of weeks that are over, or from before a reset: nothing was done about them. */
      readonly late: number;
      /** The resets with which new weeks began, oldest first. */
      readonly resets: readonly WeekReset[];
      /** What people are to be told, once a week each. */
      readonly alerts: readonly BudgetAlert[];
    }
  /** The budget in the file cannot be understood: it stays as it is, nothing is counted, and no budget hold comes or goes. */
  | { readonly kind: "unreadable"; readonly problem: string };

type Counted = Extract<MinutesCounted, { kind: "counted" }>;

interface Counting {
  readonly control: Control;
  readonly budget: Budget;
  readonly result: Counted;
}

/**
 * Counts the minutes of finished runs: every job once, into the week in which it ended. The first job of a new week resets
 * the budget before it counts. Then the thresholds are looked at, also when there was nothing to count, because a limit may
 * have changed. In whatever order and however often the jobs of a week arrive, the same is left in the end.
 */
export function countMinutes(
  control: Control,
  runs: readonly RunJobs[],
  policy: BudgetPolicy,
): { readonly control: Control; readonly result: MinutesCounted } {
  if (control.budget.kind === "unreadable") return { control, result: control.budget };
  const { budget } = control.budget;
  const jobs = runs.flatMap((run) => jobMinutes(run, policy));
  const byWeek = Map.groupBy(jobs, ({ endedAt }) => weekOf(endedAt, policy.week));
  const start: Counting = { control, budget, result: { kind: "counted", jobs: 0, late: 0, resets: [], alerts: [] } };
  const counted =
    byWeek.size === 0
      ? applyThresholds(start, budget.ecosystems, policy)
      : [...byWeek].sort(byName).reduce((counting, [week, of]) => countWeek(counting, week, of, policy), start);
  return { control: controlOf(counted), result: counted.result };
}

function byName([a]: readonly [Week, unknown], [b]: readonly [Week, unknown]): number {
  return a < b ? -1 : 1;
}

function controlOf({ control, budget }: Counting): Control {
  return { ...control, budget: { kind: "readable", budget } };
}

function countWeek(counting: Counting, week: Week, jobs: readonly JobMinutes[], policy: BudgetPolicy): Counting {
  const { budget, result } = counting;
  const current = currentWeek(budget, policy.week);
  if (current !== null && week < current)
    return { ...counting, result: { ...result, late: result.late + jobs.length } };
  const entered = current === week ? counting : enterWeek(counting, week);
  return applyThresholds(countJobs(entered, jobs, policy), entered.budget.ecosystems, policy);
}

function enterWeek(counting: Counting, week: Week): Counting {
  const { control, result: reset } = startWeek(controlOf(counting), week);
  const { result } = counting;
  return { control, budget: control.budget.budget, result: { ...result, resets: [...result.resets, reset] } };
}

/** Counts those that were not counted before. A run may have more jobs than the ledger holds, and they all count. */
function countJobs(
  { control, budget, result }: Counting,
  jobs: readonly JobMinutes[],
  { week }: BudgetPolicy,
): Counting {
  const uncounted = new Map(jobs.filter(({ id }) => !hasCounted(budget.jobs, id)).map((job) => [job.id, job]));
  // A person who resets the budget by hand writes that day's date (runbook section 4).
  const since = Math.max(budget.since ?? 0, startOf(budget.weekStart.slice(0, 10), week));
  const counted = [...uncounted.values()].filter(({ endedAt }) => endedAt >= since);
  const { ecosystems, ...charged } = counted.reduce(chargeJob, budget);
  const ids = counted.map(({ id }) => id);
  return {
    control,
    budget: { ...charged, ecosystems: firstByName(ecosystems), jobs: markCounted(budget.jobs, ids) },
    result: {
      ...result,
      jobs: result.jobs + counted.length,
      late: result.late + uncounted.size - counted.length,
    },
  };
}

function chargeJob(budget: Budget, { endedAt, system, minutes, ecosystem, looksIdle }: JobMinutes): Budget {
  if (system !== "macos" && system !== "linux") {
    return { ...budget, unmetered: { ...budget.unmetered, [system]: budget.unmetered[system] + minutes } };
  }
  const { idle, ecosystems } = budget;
  return {
    ...budget,
    used: plus(budget.used, system, minutes),
    hours: addToHour(budget.hours, { endedAt, system, minutes }),
    ...(looksIdle && { idle: { jobs: idle.jobs + 1, minutes: idle.minutes + minutes } }),
    ...(ecosystem !== null && {
      ecosystems: new Map(ecosystems).set(ecosystem, plus(ecosystems.get(ecosystem) ?? NO_MINUTES, system, minutes)),
    }),
  };
}

/**
 * More names than any pipeline has: a matrix that invents a name for every run must not fill the file. Of more, the first
 * in alphabetical order are kept, so that the order in which they came makes no difference; the totals have all minutes.
 */
const MOST_ECOSYSTEMS = 100;

function firstByName(ecosystems: Budget["ecosystems"]): Budget["ecosystems"] {
  return new Map([...ecosystems].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MOST_ECOSYSTEMS));
}

/**
 * What follows from the minutes: the levels that are reached, sampling, holds, and what people are to be told.
 *
 * @param seen the ecosystems that the budget had before it counted
 */
function applyThresholds(counting: Counting, seen: Budget["ecosystems"], policy: BudgetPolicy): Counting {
  const { control, budget: before, result } = counting;
  const week = currentWeek(before, policy.week);
  if (week === null) return counting;
  const reached = { macos: reachedNow(before, "macos", policy), linux: reachedNow(before, "linux", policy) };
  const known = knownEcosystems(control, before, policy);
  const after = seeHeld({ ...before, reached, sampling: samplingAfter(before, reached) }, known, policy);
  const step = { before: before.reached, after: reached, seen, week };
  const due = dueAlerts(after, week, policy);
  const alerts = due.filter(({ key }) => !before.alerts.includes(key));
  return {
    control: { ...control, holds: budgetHolds(control.holds, step, known, policy) },
    budget: { ...after, alerts: rememberAlerts(before.alerts, week, alerts) },
    result: { ...result, alerts: [...result.alerts, ...alerts] },
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
function knownEcosystems(control: Control, { ecosystems }: Budget, { configured, aliases }: BudgetPolicy) {
  const names = [...configured, ...control.breakers.keys(), ...ecosystems.keys()];
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
  const ecosystems = firstByName(new Map([...budget.ecosystems, ...unseen.map((name) => [name, NO_MINUTES] as const)]));
  return { ...budget, ecosystems };
}
