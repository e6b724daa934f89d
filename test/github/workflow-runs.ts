import { type JobRow, nodeId, type RepositoryRow, type RunRow, type UserRow, type WorkflowRow } from "./database.ts";
import { report } from "./events.ts";
import { branchTip } from "./git/branches.ts";
import { runJson, workflowJson } from "./shape/workflow.ts";
import { type Site, timestamp } from "./site.ts";

/** GitHub's ids of runs have eleven digits; ours look alike, so that nothing takes one for an issue number. */
const FIRST_RUN_ID = 17_350_000_001;

/** A job of a run. Without times it lasts `seconds` (60) and ends with its run. */
export interface JobSpec {
  readonly name: string;
  /** `runs-on`; default `["ubuntu-latest"]`. */
  readonly labels?: readonly string[];
  /** Default: the run's conclusion. */
  readonly conclusion?: string;
  readonly seconds?: number;
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly completedAt?: string;
  /** Conclusions of its steps, perhaps with their names; null for one that never ended. */
  readonly steps?: readonly (string | null | readonly [name: string, conclusion: string | null])[];
}

interface RunSpec {
  readonly workflow: WorkflowRow;
  readonly branch?: string;
  /** What triggered it; default `schedule`. */
  readonly event?: string;
  /** ISO 8601; default now. */
  readonly startedAt?: string;
  /** Where it stays: `waiting` for an approval, `pending` on its concurrency group, …; default `in_progress`. */
  readonly status?: Exclude<RunRow["status"], "completed">;
  readonly actor: UserRow;
}

export interface Completion {
  readonly conclusion: string;
  readonly jobs?: readonly JobSpec[];
  /** Name to archive: what the run uploads in its last second. */
  readonly artifacts?: Readonly<Record<string, Uint8Array>>;
  /** ISO 8601; default now. */
  readonly completedAt?: string;
}

/** A workflow of a repository by id, file name or path, as the Actions API takes either; undefined without one. */
export function findWorkflow(site: Site, repository: RepositoryRow, idOrFile: string): WorkflowRow | undefined {
  return site.db.workflows
    .findBy("repo_id", repository.id)
    .find((row) => String(row.id) === idOrFile || row.path === idOrFile || row.path.endsWith(`/${idOrFile}`));
}

/** Starts a run: `requested`, then `in_progress` unless it has to wait. */
export function startRun(site: Site, repository: RepositoryRow, spec: RunSpec): RunRow {
  const { workflow, actor, event = "schedule", branch = repository.default_branch } = spec;
  if (workflow.state !== "active") throw new Error(`${workflow.path} is disabled: GitHub starts no run of it.`);
  const startedAt = spec.startedAt ?? timestamp();
  const runs = site.db.workflowRuns.findBy("workflow_id", workflow.id);
  const run = site.db.workflowRuns.insert({
    ...(site.db.workflowRuns.all().length === 0 ? { id: FIRST_RUN_ID } : {}),
    node_id: nodeId("WorkflowRun", runs.length),
    repo_id: repository.id,
    workflow_id: workflow.id,
    name: workflow.name,
    head_branch: branch,
    head_sha: branchTip(site, repository, branch) ?? "",
    run_number: runs.length + 1,
    run_attempt: 1,
    event,
    status: "queued",
    conclusion: null,
    actor_id: actor.id,
    run_started_at: startedAt,
    changed_at: startedAt,
    earlier_attempts: [],
  });
  // The row's own creation is the moment of writing; a run may be said to have started earlier.
  site.db.workflowRuns.update(run.id, { created_at: startedAt });
  return begin(site, run.id, spec.status);
}

/** Ends the current attempt of a run: `completed`. */
export function completeRun(site: Site, runId: number, completion: Completion): RunRow {
  const run = runOf(site, runId);
  if (run.status === "completed") throw new Error(`Run ${runId} has already ended: rerun it first.`);
  const completedAt = completion.completedAt ?? timestamp();
  const running = site.db.jobs.findBy("run_id", runId).filter(({ status }) => status === "in_progress");
  const jobs = completion.jobs ?? (running.length > 0 ? running.map(({ name }) => ({ name })) : [{ name: "build" }]);
  for (const { id } of running) site.db.jobs.delete(id);
  for (const job of jobs) insertJob(site, run, job, completion.conclusion, completedAt);
  for (const [name, bytes] of Object.entries(completion.artifacts ?? {})) {
    site.artifacts.add({ runId, name, bytes, createdAt: completedAt, expired: false });
  }
  const { conclusion } = completion;
  return change(site, runId, "completed", { status: "completed", conclusion, changed_at: completedAt });
}

/** Lets jobs of a run that is under way begin. */
export function startJobs(
  site: Site,
  runId: number,
  jobs: readonly Pick<JobSpec, "name" | "startedAt" | "steps">[],
): void {
  const run = runOf(site, runId);
  for (const { startedAt = timestamp(), ...spec } of jobs) {
    const job = insertJob(site, run, { ...spec, startedAt }, "success", startedAt);
    site.db.jobs.update(job.id, { status: "in_progress", conclusion: null, completed_at: null });
  }
}

/** Runs a finished run again: same id and number, next attempt (GitHub documentation: "Re-running workflows and jobs"). */
export function rerun(site: Site, runId: number, startedAt = timestamp()): RunRow {
  const { run_attempt, conclusion, run_started_at, changed_at, earlier_attempts, status } = runOf(site, runId);
  if (status !== "completed") throw new Error(`Run ${runId} is still running.`);
  site.db.workflowRuns.update(runId, {
    run_attempt: run_attempt + 1,
    status: "queued",
    conclusion: null,
    run_started_at: startedAt,
    changed_at: startedAt,
    earlier_attempts: [...earlier_attempts, { run_attempt, status, conclusion, run_started_at, changed_at }],
  });
  return begin(site, runId);
}

/** The run of an id; an unknown one is an error of the test. */
export function runOf(site: Site, runId: number): RunRow {
  const run = site.db.workflowRuns.get(runId);
  if (!run) throw new Error(`The local GitHub has no run ${runId}.`);
  return run;
}

function begin(site: Site, runId: number, status: RunRow["status"] = "in_progress"): RunRow {
  const run = change(site, runId, "requested", status === "in_progress" ? {} : { status });
  return status !== "in_progress" ? run : change(site, runId, "in_progress", { status: "in_progress" });
}

function change(site: Site, runId: number, action: string, fields: Partial<RunRow>): RunRow {
  const run = site.db.workflowRuns.update(runId, fields) ?? runOf(site, runId);
  const repository = site.db.repos.get(run.repo_id);
  const workflow = site.db.workflows.get(run.workflow_id);
  if (repository && workflow) {
    report(site, "workflow_run", repository, site.db.users.get(run.actor_id), {
      action,
      workflow: workflowJson(site, repository, workflow),
      workflow_run: runJson(site, repository, run),
    });
  }
  return run;
}

function insertJob(site: Site, run: RunRow, job: JobSpec, runConclusion: string, runEnd: string): JobRow {
  const conclusion = job.conclusion ?? runConclusion;
  const completedAt = job.completedAt ?? runEnd;
  const startedAt = job.startedAt ?? new Date(Date.parse(completedAt) - (job.seconds ?? 60) * 1000).toISOString();
  const labels = job.labels ?? ["ubuntu-latest"];
  const selfHosted = labels.includes("self-hosted");
  // A skipped job never had a runner.
  const runner = conclusion === "skipped" ? null : selfHosted ? "own-runner" : "GitHub Actions 1";
  return site.db.jobs.insert({
    node_id: nodeId("Job", 0) + run.id + job.name,
    repo_id: run.repo_id,
    run_id: run.id,
    run_attempt: run.run_attempt,
    name: job.name,
    labels,
    status: "completed",
    conclusion,
    started_at: startedAt,
    completed_at: completedAt,
    runner_id: runner && 1,
    runner_name: runner,
    runner_group_id: runner && 1,
    runner_group_name: runner && (selfHosted ? "Default" : "GitHub Actions"),
    steps: (job.steps ?? []).map((step, index) => {
      const [name, ended] = typeof step === "string" || step === null ? [`step ${index + 1}`, step] : step;
      return {
        name,
        number: index + 1,
        status: ended === null ? "in_progress" : "completed",
        conclusion: ended,
      };
    }),
  });
}
