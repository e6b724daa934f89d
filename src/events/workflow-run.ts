import type { Configuration } from "../config/schema.ts";
import type { StartedRun } from "../domain/breaker/on-admission.ts";
import { type Instant, parseInstant } from "../domain/instant.ts";
import { workflowFile } from "../github/investigation.ts";
import type { Repository } from "../github/repository.ts";
import { attemptOf, type EndedRun } from "../github/run-report.ts";
import { jobsOf } from "../github/workflow-run.ts";
import { MalformedPayload, type WorkflowRunPayload } from "./payload.ts";

/**
 * Whether a run counts: one of the configured workflows, on the default branch. Runs of pull requests, and of forks above
 * all, are tried by anybody: they say nothing about the pipeline.
 */
export function isBatchRun(
  { workflow_run: run }: WorkflowRunPayload,
  { fullName, defaultBranch }: Repository,
  { workflows }: Configuration,
): boolean {
  const isOnDefaultBranch = run.head_branch === defaultBranch && run.head_repository?.full_name === fullName;
  return isOnDefaultBranch && !run.event.startsWith("pull_request") && workflows.includes(workflowFile(run.path));
}

/**
 * A run that ended, with its jobs: one call.
 * @throws {MalformedPayload} when the payload tells no time.
 */
export async function readEndedRun(repository: Repository, payload: WorkflowRunPayload): Promise<EndedRun> {
  const { id, run_attempt: attempt, run_started_at, updated_at, conclusion, head_sha } = payload.workflow_run;
  const run = { id, attempt, startedAt: momentOf(run_started_at), completedAt: momentOf(updated_at) };
  return { run, conclusion, headSha: head_sha, jobs: await jobsOf(repository, id, attempt) };
}

/**
 * A run that started.
 * @throws {MalformedPayload} when the payload tells no time.
 */
export function readStartedRun({ workflow_run: { id, run_attempt, run_started_at } }: WorkflowRunPayload): StartedRun {
  return { run: attemptOf({ id, attempt: run_attempt }), at: momentOf(run_started_at) };
}

/** The order in which runs ended. */
export function byEnd({ run: a }: EndedRun, { run: b }: EndedRun): number {
  return a.completedAt - b.completedAt || a.id - b.id || a.attempt - b.attempt;
}

function momentOf(text: string): Instant {
  const moment = parseInstant(text);
  if (moment === null) throw new MalformedPayload("workflow_run: run_started_at or updated_at is no ISO 8601 time");
  return moment;
}
