import { aliasesOf, jobNaming } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import type { Control } from "../../domain/control/control.ts";
import type { Ecosystem } from "../../domain/ecosystem.ts";
import { runViolations, type SuspectRun, startViolations } from "../../domain/gate/violation.ts";
import { type WatchedJob, workedOn } from "../../domain/gate/worked-on.ts";
import type { Hold } from "../../domain/holds/hold.ts";
import { type Instant, MINUTE, parseInstant, wholeSeconds } from "../../domain/instant.ts";
import { isCountMessage } from "../../github/commit-message.ts";
import { workflowFile } from "../../github/investigation.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import type { RunReport } from "../../github/run-report.ts";
import type { ControlCommit, Snapshot } from "../../github/snapshot.ts";
import { type PastStops, stood, stoppedAt } from "../../github/stopped-at.ts";
import { jobsOf } from "../../github/workflow-run.ts";
import { laneOf, type Timer } from "../../inbox/inbox.ts";
import { RUN_LOOK } from "../occurrence.ts";
import type { WorkflowRunPayload } from "../payload.ts";
import type { Services } from "../services.ts";
import { reportViolations } from "./violation.ts";

/** What stops batches, and where a run is looked at. */
export interface Stopped {
  readonly repository: Repository;
  readonly settings: Configuration;
  readonly control: Control;
  /** What is known of the changes that led to it. */
  readonly history: Pick<Snapshot, "recent" | "versions">;
}

// Long enough for a preflight to have answered, short enough to cancel what did not ask.
const FIRST_LOOK = 3 * MINUTE;

/** A commit that is pushed is dated by the clock of whoever made it. */
const CLOCKS_DIFFER = 10 * MINUTE;

/**
 * Batch runs started. While something is stopped each is looked at once after a short time; one whose workflow was disabled
 * for a stop is an alarm at once.
 */
export async function watchStartedRuns(
  { repository, settings, control }: Stopped,
  starts: readonly WorkflowRunPayload[],
  services: Services,
): Promise<void> {
  if (control.holds.length === 0 || starts.length === 0) return;
  await services.inbox.schedule(starts.map((start) => lookTimer(start, services.now() + FIRST_LOOK)));
  const pastAt = pastReader(repository, settings);
  for (const start of starts) {
    const file = workflowFile(start.workflow_run.path);
    const asked = control.enforced.workflows.find((workflow) => workflow.file === file)?.holds ?? [];
    const holds = control.holds.filter(({ id }) => asked.includes(id));
    if (holds.length === 0) continue;
    const past = start.workflow_run.run_attempt > 1 ? null : await pastAt(start.workflow_run.head_sha);
    const violations = startViolations(suspect(repository, start, past), file, holds);
    await reportViolations(repository, violations, services);
  }
}

/** A batch run started a while ago, while something was stopped: what it works on by now is looked at. */
export async function lookAtRun(payload: WorkflowRunPayload, services: Services): Promise<void> {
  const { installation, repository: described, workflow_run: run } = payload;
  const repository = repositoryOf(described, await services.octokitOf(installation.id), "housekeeping");
  const [reading, jobs] = await Promise.all([
    services.store.read(repository),
    jobsOf(repository, run.id, run.run_attempt),
  ]);
  if (reading.control.kind !== "ready") return;
  const { settings } = reading.configuration;
  const stopped = { repository, settings, control: reading.control.file.control, history: reading.snapshot };
  await watchWork(stopped, [{ payload, jobs }], services);
}

/** A run with the jobs that it has, finished or not. */
interface WatchedRun {
  readonly payload: WorkflowRunPayload;
  readonly jobs: readonly WatchedJob[];
  /** What it says of itself, once it has ended. */
  readonly report?: RunReport;
}

/**
 * Runs that worked on something stopped did not honour the stop, whether or not it has been lifted since. What was held when
 * they began is read where it may have been lifted: one call for each commit that they run.
 */
export async function watchWork(
  { repository, settings, control, history }: Stopped,
  runs: readonly WatchedRun[],
  services: Services,
): Promise<void> {
  const pastAt = pastReader(repository, settings);
  for (const run of runs) {
    const worked = ecosystemsOf(run, settings);
    if (worked.size === 0) continue;
    const isHeld = control.holds.some(({ scope }) => scope === "*" || worked.has(scope));
    if (!isHeld && !mayBeLifted(history, startOf(run.payload))) continue;
    const past = await pastAt(beganAt(run.payload, history.recent));
    const lifted = liftedSince(past, control, startOf(run.payload));
    const violations = runViolations(suspect(repository, run.payload, past), worked, [...control.holds, ...lifted]);
    await reportViolations(repository, violations, services);
  }
}

/** Reads what was stopped at commits, at each of them once; null where it cannot be told. */
function pastReader(
  repository: Repository,
  settings: Configuration,
): (commit: string | null) => Promise<PastStops | null> {
  const place = { path: settings.control_file, aliases: aliasesOf(settings) };
  const readings = new Map<string, Promise<PastStops | null>>();
  return async (commit) => {
    if (commit === null) return null;
    const reading = readings.get(commit) ?? stoppedAt(repository, commit, place);
    readings.set(commit, reading);
    return reading;
  };
}

/** The commit whose control file counts for a run: the one that it runs or, of a rerun, the latest before it began. */
function beganAt(payload: WorkflowRunPayload, recent: readonly ControlCommit[]): string | null {
  const { run_attempt: attempt, head_sha } = payload.workflow_run;
  if (attempt === 1) return head_sha;
  const start = wholeSeconds(startOf(payload));
  return recent.find(({ date }) => (parseInstant(date) ?? start) < start)?.sha ?? null;
}

/** The holds that stood then and stand no more, but for those that had come to their end. */
function liftedSince(past: PastStops | null, { holds }: Control, moment: Instant): readonly Hold[] {
  return (past?.holds ?? []).filter(
    ({ id, until }) => !holds.some((hold) => hold.id === id) && (until === null || until > moment),
  );
}

/** Whether a hold may have been lifted since a moment: by any change of the control file that did not only count runs. */
function mayBeLifted({ recent, versions }: Stopped["history"], moment: Instant): boolean {
  const since = recent.filter(({ date }) => (parseInstant(date) ?? moment) >= moment - CLOCKS_DIFFER);
  return (
    since.some(({ message }) => !isCountMessage(message)) || (since.length === recent.length && versions > since.length)
  );
}

/** What a run worked on, by its jobs and, where it tells more than these, by its results. */
function ecosystemsOf({ payload, jobs, report }: WatchedRun, settings: Configuration): ReadonlySet<Ecosystem> {
  const naming = jobNaming(settings);
  const named = naming === null ? [] : workedOn(jobs, { startedAt: startOf(payload) }, naming);
  const told = report?.isTold ? [...report.results(settings).ecosystems] : [];
  return new Set([...named, ...told.filter(([, { ok, failed }]) => ok + failed > 0).map(([ecosystem]) => ecosystem)]);
}

function suspect(repository: Repository, payload: WorkflowRunPayload, past: PastStops | null): SuspectRun {
  const { id, run_attempt: attempt } = payload.workflow_run;
  return {
    id,
    attempt,
    url: `${repository.url}/actions/runs/${id}`,
    startedAt: startOf(payload),
    stoodAtHead: past === null || attempt > 1 ? null : (hold) => stood(past, hold),
  };
}

function startOf({ workflow_run: { run_started_at } }: WorkflowRunPayload): number {
  return parseInstant(run_started_at) ?? 0;
}

function lookTimer(payload: WorkflowRunPayload, at: number): Timer {
  const lane = laneOf(payload.repository.full_name);
  const { id, run_attempt } = payload.workflow_run;
  return { key: `run-look:${lane}:${id}.${run_attempt}`, lane, event: RUN_LOOK, body: JSON.stringify(payload), at };
}
