import { aliasesOf } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import type { Outcome } from "../domain/breaker/breaker.ts";
import { type FinishedRun, jobOutcomes } from "../domain/breaker/job-outcomes.ts";
import type { MeteredJob } from "../domain/budget/job-minutes.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import { parseInstant } from "../domain/instant.ts";
import { workflowFile } from "../github/investigation.ts";
import type { Repository } from "../github/repository.ts";
import { jobsOf } from "../github/workflow-run.ts";
import { MalformedPayload, type WorkflowRunPayload } from "./payload.ts";

/** A batch run that ended, with what GitHub tells of its jobs. */
export interface BatchRun {
  readonly run: FinishedRun;
  readonly jobs: readonly MeteredJob[];
  /** What it did to each ecosystem, as these settings read it. */
  outcomes(settings: Configuration): ReadonlyMap<Ecosystem, Outcome>;
}

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
 * Reads the jobs of a run.
 * @throws {MalformedPayload} when the payload tells no time.
 */
export async function readBatchRun(repository: Repository, payload: WorkflowRunPayload): Promise<BatchRun> {
  const run = finishedRun(payload.workflow_run);
  const jobs = await jobsOf(repository, run.id, run.attempt);
  return {
    run,
    jobs,
    outcomes: (settings) => {
      const source = settings.outcomes.find(({ from }) => from === "jobs");
      if (source?.from !== "jobs") return new Map();
      return jobOutcomes(jobs, run, { pattern: source.pattern, aliases: aliasesOf(settings) }).outcomes;
    },
  };
}

/** `<run id>.<attempt>`: how the control file names what was counted. */
export function attemptOf({ id, attempt }: FinishedRun): string {
  return `${id}.${attempt}`;
}

/** The order in which runs ended. */
export function byEnd(a: BatchRun, b: BatchRun): number {
  return a.run.completedAt - b.run.completedAt || a.run.id - b.run.id || a.run.attempt - b.run.attempt;
}

function finishedRun(run: WorkflowRunPayload["workflow_run"]): FinishedRun {
  const startedAt = parseInstant(run.run_started_at);
  const completedAt = parseInstant(run.updated_at);
  if (startedAt === null || completedAt === null) {
    throw new MalformedPayload("workflow_run: run_started_at or updated_at is no ISO 8601 time");
  }
  return { id: run.id, attempt: run.run_attempt, startedAt, completedAt };
}
