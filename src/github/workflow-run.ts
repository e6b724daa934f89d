import type { MeteredJob } from "../domain/budget/job-minutes.ts";
import type { WatchedJob } from "../domain/gate/worked-on.ts";
import { parseInstant } from "../domain/instant.ts";
import { workflowFile } from "./investigation.ts";
import { at, type Repository } from "./repository.ts";

// A matrix has at most 256 jobs (GitHub documentation, "Actions limits"); twenty pages are several matrices.
const MOST_JOBS = 2000;

/** A job with all that is told from it. */
export type ListedJob = MeteredJob & WatchedJob;

/** The jobs of one attempt of a run: one call for every hundred. */
export async function jobsOf(repository: Repository, run: number, attempt: number): Promise<readonly ListedJob[]> {
  const { octokit } = repository;
  const jobs: ListedJob[] = [];
  const pages = octokit.paginate.iterator(octokit.rest.actions.listJobsForWorkflowRunAttempt, {
    ...at(repository),
    run_id: run,
    attempt_number: attempt,
    per_page: 100,
  });
  for await (const { data } of pages) {
    jobs.push(
      ...data.map((job) => ({
        id: job.id,
        name: job.name,
        conclusion: job.conclusion,
        startedAt: parseInstant(job.started_at),
        completedAt: parseInstant(job.completed_at),
        labels: job.labels,
        runnerGroup: job.runner_group_name,
        // GitHub writes null or 0 where no runner took the job.
        ran: job.runner_id !== null && job.runner_id !== 0,
        runnerLost: isRunnerLost(job),
        steps: (job.steps ?? []).map(({ name, status, conclusion }) => ({
          name,
          conclusion,
          hasBegun: status !== "queued",
        })),
      })),
    );
    if (jobs.length >= MOST_JOBS) break;
  }
  return jobs;
}

type Job = Awaited<
  ReturnType<Repository["octokit"]["rest"]["actions"]["listJobsForWorkflowRunAttempt"]>
>["data"]["jobs"][number];

/**
 * Whether a job failed because its runner went away, or never came. GitHub says so only in words to people; what can be told
 * by is that no step of it failed, and that one never ended.
 */
function isRunnerLost({ conclusion, runner_id, steps = [] }: Job): boolean {
  if (conclusion !== "failure") return false;
  if (runner_id === null || runner_id === 0) return true;
  const hasFailed = steps.some((step) => step.conclusion === "failure" || step.conclusion === "timed_out");
  return !hasFailed && steps.some((step) => step.conclusion === null);
}

/** A run that is not finished. */
export interface RunInFlight {
  readonly id: number;
  readonly url: string;
  readonly status: string;
}

// Every status but `completed` (GitHub documentation, "List workflow runs for a repository"). A run that waits for an
// approval, or for others of its concurrency group, starts as soon as it may.
const UNFINISHED = ["queued", "in_progress", "waiting", "pending", "requested"] as const;

/** Runs of workflows, by their file names, that are not finished, newest first: one call for each status, at once. */
export async function runsInFlight(
  repository: Repository,
  workflows: readonly string[],
): Promise<readonly RunInFlight[]> {
  const { actions } = repository.octokit.rest;
  const answers = await Promise.all(
    UNFINISHED.map((status) => actions.listWorkflowRunsForRepo({ ...at(repository), status, per_page: 100 })),
  );
  const runs = answers
    .flatMap(({ data }) => data.workflow_runs)
    // Those of pull requests are tried by anybody and say nothing about the pipeline.
    .filter(({ path, event }) => workflows.includes(workflowFile(path)) && !event.startsWith("pull_request"))
    .map(({ id, html_url, status }) => ({ id, url: html_url, status: status ?? "unknown" }));
  // A run that went on between two of the calls is in both answers.
  return [...new Map(runs.map((run) => [run.id, run])).values()].toSorted((one, other) => other.id - one.id);
}
