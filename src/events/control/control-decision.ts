import { breakerPolicy, budgetPolicy } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import { chargeRun, type RunCharges } from "../../domain/breaker/charge-run.ts";
import { admitRuns, type Counted, countRuns } from "../../domain/breaker/count-run.ts";
import type { StartedRun } from "../../domain/breaker/on-admission.ts";
import { countMinutes, type MinutesCounted } from "../../domain/budget/count-minutes.ts";
import type { WeekReset } from "../../domain/budget/reset-week.ts";
import { INFRASTRUCTURE } from "../../domain/ecosystem.ts";
import type { Instant } from "../../domain/instant.ts";
import type { Intent, Proposal } from "../../github/change.ts";
import { attemptOf, type RunReport } from "../../github/run-report.ts";
import { nextDeadline, passTime } from "./deadline.ts";

/** What there is to decide on. */
export interface Evidence {
  /** Delivery ids. */
  readonly ids: readonly string[];
  /** Runs that ended, in that order. */
  readonly runs: readonly RunReport[];
  readonly starts: readonly StartedRun[];
  /** Whether what time alone changes is to be changed. */
  readonly isDue: boolean;
}

/** What one decision did. */
export interface Kept {
  /** To each run, in the order in which they ended. */
  readonly counted: readonly Counted[];
  /** When the newest run ended that had been counted before; null when none had. */
  readonly countedUntil: Instant | null;
  readonly minutes: MinutesCounted;
  /** Whether some of the runs had been counted before. */
  readonly isAgain: boolean;
  readonly weekReset: WeekReset | null;
  readonly nextDeadline: Instant | null;
}

/** The one decision on all of the evidence: what ended is counted first, because what started is over once it has ended. */
export function intentOf({ ids, runs, starts, isDue }: Evidence, now: () => Instant): Intent<Kept> {
  return {
    // A run that was counted before is that commit's, although it came again with what this one answers to.
    cause: ({ counted }) => ({
      events: ids,
      runs: runs.filter((_, index) => counted[index]?.before === false).map(({ run }) => attemptOf(run)),
    }),
    subject: subjectOf,
    apply: (control, configuration) => {
      const policy = breakerPolicy(configuration);
      const charges = runs.map((report) => chargesOf(report, configuration));
      const counted = countRuns(control, charges, policy);
      const admitted = admitRuns(counted.control, starts, policy);
      const metered = countMinutes(admitted, runs, budgetPolicy(configuration));
      const passed = isDue
        ? passTime(metered.control, configuration, now())
        : { control: metered.control, weekReset: null };
      return {
        control: passed.control,
        result: {
          counted: counted.result,
          countedUntil: control.seen.since,
          minutes: metered.result,
          isAgain: counted.result.some(({ before }) => before),
          weekReset: passed.weekReset,
          nextDeadline: nextDeadline(passed.control, configuration),
        },
      };
    },
  };
}

/** Whom a run is charged to. */
export function chargesOf(report: RunReport, configuration: Configuration): RunCharges {
  const { startedAt, completedAt } = report.run;
  const evidence = { run: attemptOf(report.run), startedAt, at: completedAt, results: report.results(configuration) };
  return chargeRun(evidence, breakerPolicy(configuration), budgetPolicy(configuration).week);
}

const MOST_NAMED = 3;

function subjectOf({ counted }: Kept): string {
  const news = counted.filter(({ before }) => !before);
  const states = new Map(
    news.flatMap(({ transitions }) => [...transitions].map(([name, { breaker }]) => [name, breaker.state] as const)),
  );
  // What says that all is well with the infrastructure is said with every run.
  if (states.get(INFRASTRUCTURE) === "closed") states.delete(INFRASTRUCTURE);
  if (states.size === 0) return news.length === 0 ? "keep the time" : "count minutes";
  const runs = news.length === 1 ? "a run" : `${news.length} runs`;
  if (states.size > MOST_NAMED) return `count ${runs} of ${states.size} ecosystems`;
  return `count ${runs}: ${[...states].map(([name, state]) => `${name} ${state}`).join(", ")}`;
}

/** Where the default branch is protected and may not be bypassed, this goes by pull request too. */
export function proposalOf({ ids, runs }: Evidence, commit: string | undefined): Proposal {
  const [run] = runs;
  const what = run === undefined ? `settle-${commit?.slice(0, 12) ?? ids[0]}` : `count-${attemptOf(run.run)}`;
  return {
    branch: `batchkeeper/${what.replaceAll(/[^a-z0-9-]/gi, "-")}`,
    title: run === undefined ? "Settle the control file" : `Count run ${attemptOf(run.run)}`,
    body: "What happened in the pipeline, written to the control file. The default branch is protected, so it waits here.",
    mode: "merge",
  };
}
