import type { RunJob } from "../domain/breaker/job-outcomes.ts";
import { parseInstant } from "../domain/instant.ts";
import { isMissing } from "./failure.ts";
import { at, type Repository } from "./repository.ts";

// A matrix has at most 256 jobs (GitHub documentation, "Actions limits"); twenty pages are several matrices.
const MOST_JOBS = 2000;

/** The jobs of one attempt of a run: one call for every hundred. */
export async function jobsOf(repository: Repository, run: number, attempt: number): Promise<readonly RunJob[]> {
  const { octokit } = repository;
  const jobs: RunJob[] = [];
  const pages = octokit.paginate.iterator(octokit.rest.actions.listJobsForWorkflowRunAttempt, {
    ...at(repository),
    run_id: run,
    attempt_number: attempt,
    per_page: 100,
  });
  for await (const { data } of pages) {
    jobs.push(
      ...data.map((job) => ({
        name: job.name,
        conclusion: job.conclusion,
        startedAt: parseInstant(job.started_at),
      })),
    );
    if (jobs.length >= MOST_JOBS) break;
  }
  return jobs;
}

/** A run that is not finished. */
export interface RunInFlight {
  readonly id: number;
  readonly url: string;
  readonly status: string;
}

/** Runs of a workflow, by its file name, that are not finished; none when the repository has no such workflow. */
export async function runsInFlight(repository: Repository, workflow: string): Promise<readonly RunInFlight[]> {
  const { actions } = repository.octokit.rest;
  const list = (status: "queued" | "in_progress") =>
    actions.listWorkflowRuns({ ...at(repository), workflow_id: workflow, status, per_page: 20 });
  try {
    const answers = await Promise.all([list("queued"), list("in_progress")]);
    return answers
      .flatMap(({ data }) => data.workflow_runs)
      .map(({ id, html_url, status }) => ({ id, url: html_url, status: status ?? "unknown" }));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
