import { aliasesOf, jobNaming } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import type { Control } from "../../domain/control/control.ts";
import type { Ecosystem } from "../../domain/ecosystem.ts";
import { runViolations, type SuspectRun, startViolations } from "../../domain/gate/violation.ts";
import { type WatchedJob, workedOn } from "../../domain/gate/worked-on.ts";
import type { Hold } from "../../domain/holds/hold.ts";
import { type Instant, MINUTE, parseInstant } from "../../domain/instant.ts";
import { heldSince } from "../../github/held-since.ts";
import { workflowFile } from "../../github/investigation.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import type { RunReport } from "../../github/run-report.ts";
import { stood, stoppedAt } from "../../github/stopped-at.ts";
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
}

// Long enough for a preflight to have answered, short enough to cancel what did not ask.
const FIRST_LOOK = 3 * MINUTE;

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
  for (const start of starts) {
    const file = workflowFile(start.workflow_run.path);
    const asked = control.enforced.workflows.find((workflow) => workflow.file === file)?.holds ?? [];
    const holds = control.holds.filter(({ id }) => asked.includes(id));
    if (holds.length === 0) continue;
    const violations = startViolations(await suspect(repository, settings, start), file, holds);
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
  const stopped = { repository, settings: reading.configuration.settings, control: reading.control.file.control };
  await watchWork(stopped, [{ payload, jobs, heldAt: null }], services);
}

/** A run with the jobs that it has, finished or not. */
interface WatchedRun {
  readonly payload: WorkflowRunPayload;
  readonly jobs: readonly WatchedJob[];
  /** What it says of itself, once it has ended. */
  readonly report?: RunReport;
  /** When what was held then counts, although it may have been lifted since; null where only what is held now does. */
  readonly heldAt: Instant | null;
}

/** Runs that worked on something stopped did not honour the stop. */
export async function watchWork(
  { repository, settings, control }: Stopped,
  runs: readonly WatchedRun[],
  services: Services,
): Promise<void> {
  const held = await heldThen(repository, settings, runs);
  for (const run of runs) {
    const lifted = held.filter(
      ({ id, at }) => at <= (run.heldAt ?? 0) && !control.holds.some((hold) => hold.id === id),
    );
    const holds = [...control.holds, ...lifted];
    const worked = ecosystemsOf(run, settings);
    const isInScope = holds.some(({ scope }) => (scope === "*" ? worked.size > 0 : worked.has(scope)));
    if (!isInScope) continue;
    const violations = runViolations(await suspect(repository, settings, run.payload), worked, holds);
    await reportViolations(repository, violations, services);
  }
}

/** What was held since the first of the runs that are told late; no call where none is. */
async function heldThen(
  repository: Repository,
  settings: Configuration,
  runs: readonly WatchedRun[],
): Promise<readonly Hold[]> {
  const moments = runs.flatMap(({ heldAt }) => heldAt ?? []);
  return moments.length === 0 ? [] : heldSince(repository, settings.control_file, Math.min(...moments));
}

/** What a run worked on, by its jobs and, where it tells more than these, by its results. */
function ecosystemsOf({ payload, jobs, report }: WatchedRun, settings: Configuration): ReadonlySet<Ecosystem> {
  const naming = jobNaming(settings);
  const named = naming === null ? [] : workedOn(jobs, { startedAt: startOf(payload) }, naming);
  const told = report?.isTold ? [...report.results(settings).ecosystems] : [];
  return new Set([...named, ...told.filter(([, { ok, failed }]) => ok + failed > 0).map(([ecosystem]) => ecosystem)]);
}

async function suspect(
  repository: Repository,
  settings: Configuration,
  payload: WorkflowRunPayload,
): Promise<SuspectRun> {
  const { id, run_attempt: attempt, head_sha } = payload.workflow_run;
  const place = { path: settings.control_file, aliases: aliasesOf(settings) };
  const stops = attempt > 1 ? null : await stoppedAt(repository, head_sha, place);
  return {
    id,
    attempt,
    url: `${repository.url}/actions/runs/${id}`,
    startedAt: startOf(payload),
    stoodAtHead: stops === null ? null : (hold) => stood(stops, hold),
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
