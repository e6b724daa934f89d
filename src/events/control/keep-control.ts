import PQueue from "p-queue";
import type { Configuration } from "../../config/schema.ts";
import type { Control } from "../../domain/control/control.ts";
import type { Change, Reading } from "../../github/change.ts";
import { ControlFileUnusable } from "../../github/failure.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { type RunReport, reportRuns } from "../../github/run-report.ts";
import { renewWaiting } from "../answering/renew-waiting.ts";
import { watchHolds } from "../holds/hold-timer.ts";
import { closeLongStop } from "../holds/holds-due.ts";
import { keepBreakerIncidents } from "../incidents/breaker-incidents.ts";
import { keepBudgetIncidents } from "../incidents/budget-incidents.ts";
import { keepObjectiveIncidents } from "../incidents/objective-incidents.ts";
import { tellUnreadableResults } from "../incidents/source-incidents.ts";
import type { Occurrence } from "../occurrence.ts";
import type { PushPayload } from "../payload.ts";
import { hasNewsOfOurs, mayConcernUs } from "../push.ts";
import type { Services } from "../services.ts";
import { watchPushes } from "../supply-chain/watch-push.ts";
import { noteActivity } from "../watch/activity.ts";
import { type Stopped, watchStartedRuns, watchWork } from "../watch/stopped-run.ts";
import { byEnd, isBatchRun, readEndedRun, readStartedRun } from "../workflow-run.ts";
import { type Evidence, intentOf, type Kept, proposalOf } from "./control-decision.ts";
import { nextDeadline, setDeadlineTimer } from "./deadline.ts";
import { coversOtherwise, followControl } from "./follow-control.ts";
import { reportReadability, reportUnusable } from "./readability.ts";

/** Something that may change the control file and that nobody waits for. */
export type ControlEvent = Extract<Occurrence, { kind: "run" | "run-started" | "push" | "deadline" }>;
/** With the id of its delivery. */
type Identified = ControlEvent & { readonly id: string };

/** What of some events there is to do for one repository. */
interface Work extends Evidence {
  readonly first: Identified;
  readonly repository: Repository;
  readonly pushes: readonly PushPayload[];
}

// GitHub allows 100 requests at a time in all (GitHub documentation, "Rate limits for the REST API").
const READ_AT_ONCE = 8;

/**
 * Everything of one repository that concerns the control file, in one reading, one decision in the order of what happened,
 * and one commit: batch runs that ended are counted, with their minutes; those that started become the probes of what is
 * due; pushes that touched the file are settled; what time alone changes is changed. Then the incidents are made to say what the file says, also for runs counted before, because
 * the process may have died between the two.
 */
export async function keepControl(events: readonly Identified[], services: Services): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const { installation, repository: payload } = first.payload;
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const settings = await services.store.settings(repository);
  const pushed = events.flatMap((event) => (event.kind === "push" ? [event.payload] : []));
  await watchPushes(pushed, repository, settings, services);
  const chosen = concerning(events, repository, settings, services);
  if (chosen.length === 0) return;
  const [reading, runs] = await Promise.all([services.store.read(repository), readRuns(chosen, repository, settings)]);
  const starts = chosen.flatMap((event) => (event.kind === "run-started" ? [readStartedRun(event.payload)] : []));
  const pushes = chosen.flatMap((event) =>
    event.kind === "push" && mayConcernUs(event.payload, repository, settings) ? [event.payload] : [],
  );
  const isDue = chosen.some(({ kind }) => kind === "deadline");
  const evidence = { ids: chosen.map(({ id }) => id), runs, starts, isDue };
  const control = await settle({ first, repository, ...evidence, pushes }, reading, services);
  if (control === null) return;
  const isNews =
    isDue || chosen.some(({ kind }) => kind === "push") || services.enforcement.memory.isUnfinished(repository);
  if (isNews) await followControl(repository, reading, { control, only: null, event: first.id }, services);
  if (isNews && reading.snapshot.openPulls > 0) await renewWaiting(repository, [], services);
  services.enforcement.memory.follow(evidence.ids);
  await watchRuns({ repository, settings, control, history: reading.snapshot }, chosen, runs, services);
}

/** Runs are held against the stops: those that started, and those that ended with what they did. */
async function watchRuns(
  stopped: Stopped,
  events: readonly Identified[],
  reports: readonly RunReport[],
  services: Services,
): Promise<void> {
  const starts = events.flatMap((event) => (event.kind === "run-started" ? [event.payload] : []));
  const ended = events.flatMap(({ kind, payload }) => {
    if (kind !== "run") return [];
    const { id, run_attempt } = payload.workflow_run;
    const report = reports.find(({ run }) => run.id === id && run.attempt === run_attempt);
    return report === undefined ? [] : [{ payload, jobs: report.jobs, report }];
  });
  await watchStartedRuns(stopped, starts, services);
  await watchWork(stopped, ended, services);
}

/** The runs that ended, with their jobs and results, in the order in which they ended. */
async function readRuns(events: readonly ControlEvent[], repository: Repository, settings: Configuration) {
  const readers = new PQueue({ concurrency: READ_AT_ONCE });
  const ended = await readers.addAll(
    events.flatMap((event) => (event.kind === "run" ? [() => readEndedRun(repository, event.payload)] : [])),
  );
  return reportRuns(repository, ended.toSorted(byEnd), settings);
}

/** The events that are ours to act on: batch runs of the repository itself, pushes that may have changed our files. */
function concerning(
  events: readonly Identified[],
  repository: Repository,
  settings: Configuration,
  { enforcement }: Services,
): readonly Identified[] {
  const isFollowed = (ids: readonly string[]) =>
    enforcement.memory.isFollowed(ids) && !enforcement.memory.isUnfinished(repository);
  const isOurs = (event: Identified): boolean => {
    switch (event.kind) {
      case "run":
      case "run-started":
        return isBatchRun(event.payload, repository, settings);
      case "push":
        return (
          mayConcernUs(event.payload, repository, settings) || hasNewsOfOurs(event.payload, repository, isFollowed)
        );
      case "deadline":
        return true;
    }
  };
  return events.filter(isOurs);
}

/** Returns the control file as it is then; null when it cannot be told, or waits for a person. */
async function settle(work: Work, reading: Reading, services: Services): Promise<Control | null> {
  const { repository, runs, starts, pushes, isDue } = work;
  let control = reading.control.kind === "ready" ? reading.control.file.control : null;
  const isSettled = reading.control.kind === "ready" && reading.control.settlements.length === 0;
  if (runs.length > 0 || starts.length > 0 || isDue || !isSettled) {
    const proposal = proposalOf(work, pushes.at(-1)?.after);
    const change = await services.store.change(repository, intentOf(work, services.now), proposal, reading);
    control = change.kind === "committed" || change.kind === "unchanged" ? change.control : null;
    expectNews(repository, reading, control, services);
    await follow(change, work, services);
    await followHolds(work, reading, change, services);
  } else if (reading.control.kind === "ready") {
    const next = nextDeadline(reading.control.file.control, reading.configuration.settings);
    await setDeadlineTimer(work.first.payload, next, services);
    await watchHolds(work.first.payload, reading.control.file.control, services);
  }
  const last = pushes.at(-1);
  if (last !== undefined) await reportReadability(repository, reading, last.after, services);
  return control;
}

/** From now on there is something to bring into line, even if what comes next fails and this event comes again. */
function expectNews(repository: Repository, reading: Reading, control: Control | null, services: Services): void {
  if (control === null || reading.control.kind !== "ready") return;
  const before = reading.control.file.control;
  const { settings } = reading.configuration;
  const isSettled = reading.control.settlements.length === 0;
  if (!isSettled || coversOtherwise(before, control, settings, services.now()))
    services.enforcement.memory.expect(repository);
}

/**
 * What follows from a change that was made, or from why it was not.
 * @throws {ControlFileUnusable} when runs could not be counted: they wait until the file is mended.
 */
async function follow(change: Change<Kept>, work: Work, services: Services): Promise<void> {
  const { first, repository, runs } = work;
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
        const report = runs[index];
        if (report !== undefined) await keepBreakerIncidents(repository, change.control, counted, report, services);
      }
      await keepBudgetIncidents(repository, change.control, change.result, services);
      await keepObjectiveIncidents(repository, change.control, change.result.counted, services);
      await tellUnreadableResults(repository, runs, change.result.counted, services);
      await noteActivity(first.payload, repository, work, change.result, services);
  }
}

/** What follows from the holds as they are now, when somebody changed them by hand too. */
async function followHolds(
  { first, repository }: Work,
  { control: before }: Reading,
  change: Change<Kept>,
  services: Services,
): Promise<void> {
  if (before.kind !== "ready" || (change.kind !== "committed" && change.kind !== "unchanged")) return;
  await watchHolds(first.payload, change.control, services);
  const released = before.settlements.flatMap((settlement) =>
    settlement.kind === "adopted" && settlement.edit.kind === "released" ? [settlement.edit.hold] : [],
  );
  await closeLongStop(repository, { ...change.control, holds: released }, change.control, services);
}
