import type { Control } from "../control/control.ts";
import type { BudgetAlert } from "./alert.ts";
import type { Budget, BudgetPolicy } from "./budget.ts";
import { boundEcosystems, chargeEcosystem, type EcosystemMinutes } from "./ecosystem-minutes.ts";
import { addToHour, plus } from "./hour-of-use.ts";
import { hasCounted, markCounted } from "./job-ledger.ts";
import { type JobMinutes, jobMinutes, type RunJobs } from "./job-minutes.ts";
import { startWeek, type WeekReset } from "./reset-week.ts";
import { applyThresholds } from "./thresholds.ts";
import { type Week, weekOf } from "./week.ts";
import { weekSpan } from "./week-span.ts";

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

/** How far counting has come. `budget` takes the place of the one in `control` at the end. */
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
      ? heedThresholds(start, budget.ecosystems, policy)
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
  const current = weekSpan(budget, policy.week)?.week;
  if (current !== undefined && week < current) {
    return { ...counting, result: { ...result, late: result.late + jobs.length } };
  }
  const entered = current === week ? counting : enterWeek(counting, week);
  return heedThresholds(countJobs(entered, jobs, policy), entered.budget.ecosystems, policy);
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
  const since = weekSpan(budget, week)?.since ?? 0;
  const counted = [...uncounted.values()].filter(({ endedAt }) => endedAt >= since);
  const { ecosystems, ...charged } = counted.reduce(chargeJob, budget);
  const ids = counted.map(({ id }) => id);
  return {
    control,
    budget: { ...charged, ecosystems: boundEcosystems(ecosystems), jobs: markCounted(budget.jobs, ids) },
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
      ecosystems: chargeEcosystem(ecosystems, ecosystem, system, minutes),
    }),
  };
}

function heedThresholds({ control, budget, result }: Counting, seen: EcosystemMinutes, policy: BudgetPolicy): Counting {
  const heeded = applyThresholds(control, budget, seen, policy);
  return {
    control: { ...control, holds: heeded.holds },
    budget: heeded.budget,
    result: { ...result, alerts: [...result.alerts, ...heeded.alerts] },
  };
}
