import PQueue from "p-queue";
import { breakerPolicy, budgetPolicy } from "../config/policy.ts";
import { type Counted, countRuns } from "../domain/breaker/count-run.ts";
import { countMinutes, type MinutesCounted } from "../domain/budget/count-minutes.ts";
import type { WeekReset } from "../domain/budget/reset-week.ts";
import type { Instant } from "../domain/instant.ts";
import type { Change, Intent, Proposal, Reading } from "../github/change.ts";
import { ControlFileUnusable } from "../github/failure.ts";
import { type Repository, repositoryOf } from "../github/repository.ts";
import { keepBreakerIncidents } from "./breaker-incidents.ts";
import { keepBudgetIncidents } from "./budget-incidents.ts";
import { nextDeadline, passTime, setDeadlineTimer } from "./deadline.ts";
import type { Occurrence } from "./occurrence.ts";
import type { PushPayload } from "./payload.ts";
import { mayConcernUs } from "./push.ts";
import { reportReadability, reportUnusable } from "./readability.ts";
import type { Services } from "./services.ts";
import { attemptOf, type BatchRun, byEnd, isBatchRun, readBatchRun } from "./workflow-run.ts";

/** Something that may change the control file and that nobody waits for, with the id of its delivery. */
export type ControlEvent = Extract<Occurrence, { kind: "run" | "push" | "deadline" }>;
type Identified = ControlEvent & { readonly id: string };

/** What of some events there is to do for one repository. */
interface Work {
  readonly first: Identified;
  readonly repository: Repository;
  readonly ids: readonly string[];
  readonly runs: readonly BatchRun[];
  readonly pushes: readonly PushPayload[];
  readonly isDue: boolean;
}

// GitHub allows 100 requests at a time in all (GitHub documentation, "Rate limits for the REST API").
const READ_AT_ONCE = 8;

/**
 * Everything of one repository that concerns the control file, in one reading, one decision in the order of what happened,
 * and one commit: batch runs that ended are counted, with their minutes; pushes that touched the file are settled; what time
 * alone changes is changed. Then the incidents are made to say what the file says, also for runs counted before, because
 * the process may have died between the two.
 */
export async function keepControl(events: readonly Identified[], services: Services): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const { installation, repository: payload } = first.payload;
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const chosen = await concerning(events, repository, services);
  if (chosen.length === 0) return;
  const readers = new PQueue({ concurrency: READ_AT_ONCE });
  const [reading, read] = await Promise.all([
    services.store.read(repository),
    readers.addAll(
      chosen.flatMap((event) => (event.kind === "run" ? [() => readBatchRun(repository, event.payload)] : [])),
    ),
  ]);
  const runs = read.toSorted(byEnd);
  const pushes = chosen.flatMap((event) => (event.kind === "push" ? [event.payload] : []));
  const isDue = chosen.some(({ kind }) => kind === "deadline");
  await settle({ first, repository, ids: chosen.map(({ id }) => id), runs, pushes, isDue }, reading, services);
}

/** The events that are ours to act on: batch runs of the repository itself, pushes that may have changed our files. */
async function concerning(
  events: readonly Identified[],
  repository: Repository,
  { store }: Services,
): Promise<readonly Identified[]> {
  const settings = await store.settings(repository);
  const isOurs = (event: Identified): boolean => {
    switch (event.kind) {
      case "run":
        return isBatchRun(event.payload, repository, settings);
      case "push":
        return mayConcernUs(event.payload, repository, settings);
      case "deadline":
        return true;
    }
  };
  return events.filter(isOurs);
}

async function settle(work: Work, reading: Reading, services: Services): Promise<void> {
  const { repository, runs, pushes, isDue } = work;
  const isSettled = reading.control.kind === "ready" && reading.control.settlements.length === 0;
  if (runs.length > 0 || isDue || !isSettled) {
    const change = await services.store.change(repository, intentOf(work, services), proposalOf(work), reading);
    await follow(change, work, services);
  } else if (reading.control.kind === "ready") {
    const next = nextDeadline(reading.control.file.control, reading.configuration.settings);
    await setDeadlineTimer(work.first.payload, next, services);
  }
  const last = pushes.at(-1);
  if (last !== undefined) await reportReadability(repository, reading, last.after, services);
}

/**
 * What follows from a change that was made, or from why it was not.
 * @throws {ControlFileUnusable} when runs could not be counted: they wait until the file is mended.
 */
async function follow(change: Change<Kept>, { first, repository, runs }: Work, services: Services): Promise<void> {
  switch (change.kind) {
    case "unusable":
      if (runs.length === 0) return;
      await reportUnusable(repository, change.problem, services);
      throw new ControlFileUnusable(repository.fullName);
    case "waiting":
      return services.log.warn(
        { repository: repository.fullName, ...change.pull },
        "a change waits for a person to merge",
      );
    case "landed-before":
      return;
    case "committed":
    case "unchanged":
      await setDeadlineTimer(first.payload, change.result.nextDeadline, services);
      // One after the other: an incident tells in the order of the runs what became of the breaker.
      for (const [index, counted] of change.result.counted.entries()) {
        const { run } = runs[index] ?? {};
        if (run !== undefined)
          await keepBreakerIncidents(repository, change.control, counted, attemptOf(run), services);
      }
      await keepBudgetIncidents(repository, change.control, change.result, services);
  }
}

/** What one decision did. */
interface Kept {
  /** To each run, in the order in which they ended. */
  readonly counted: readonly Counted[];
  readonly minutes: MinutesCounted;
  /** Whether some of the runs had been counted before. */
  readonly isAgain: boolean;
  readonly weekReset: WeekReset | null;
  readonly nextDeadline: Instant | null;
}

function intentOf({ ids, runs, isDue }: Work, { now }: Services): Intent<Kept> {
  return {
    // A run that was counted before is that commit's, although it came again with what this one answers to.
    cause: ({ counted }) => ({
      events: ids,
      runs: runs.filter((_, index) => counted[index]?.before === false).map(({ run }) => attemptOf(run)),
    }),
    subject: subjectOf,
    apply: (control, configuration) => {
      const outcomes = runs.map((run) => run.outcomes(configuration));
      const counted = countRuns(control, outcomes, breakerPolicy(configuration));
      const metered = countMinutes(counted.control, runs, budgetPolicy(configuration));
      const passed = isDue
        ? passTime(metered.control, configuration, now())
        : { control: metered.control, weekReset: null };
      return {
        control: passed.control,
        result: {
          counted: counted.result,
          minutes: metered.result,
          isAgain: counted.result.some(({ before }) => before),
          weekReset: passed.weekReset,
          nextDeadline: nextDeadline(passed.control, configuration),
        },
      };
    },
  };
}

const MOST_NAMED = 3;

function subjectOf({ counted }: Kept): string {
  const news = counted.filter(({ before }) => !before);
  const states = new Map(
    news.flatMap(({ transitions }) => [...transitions].map(([name, { breaker }]) => [name, breaker.state] as const)),
  );
  if (states.size === 0) return news.length === 0 ? "keep the time" : "count minutes";
  const runs = news.length === 1 ? "a run" : `${news.length} runs`;
  if (states.size > MOST_NAMED) return `count ${runs} of ${states.size} ecosystems`;
  return `count ${runs}: ${[...states].map(([name, state]) => `${name} ${state}`).join(", ")}`;
}

/** Where the default branch is protected and may not be bypassed, this goes by pull request too. */
function proposalOf({ ids, runs, pushes }: Work): Proposal {
  const [run] = runs;
  const what =
    run === undefined ? `settle-${pushes.at(-1)?.after.slice(0, 12) ?? ids[0]}` : `count-${attemptOf(run.run)}`;
  return {
    branch: `batchkeeper/${what.replaceAll(/[^a-z0-9-]/gi, "-")}`,
    title: run === undefined ? "Settle the control file" : `Count run ${attemptOf(run.run)}`,
    body: "What happened in the pipeline, written to the control file. The default branch is protected, so it waits here.",
    mode: "merge",
  };
}
