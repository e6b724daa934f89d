import { type Instant, parseInstant } from "../domain/instant.ts";
import type { FinishedRun } from "../domain/results/run-results.ts";
import { isMissing } from "./failure.ts";
import { at, type Repository } from "./repository.ts";

/** A run of a batch workflow as GitHub lists it. */
export interface ListedRun {
  readonly id: number;
  readonly attempt: number;
  readonly url: string;
  readonly workflow: string;
  readonly headSha: string;
  /** Null while it is under way. */
  readonly conclusion: string | null;
  readonly isUnderWay: boolean;
  readonly startedAt: Instant | null;
  readonly completedAt: Instant | null;
}

type Run = Awaited<ReturnType<Repository["octokit"]["rest"]["actions"]["getWorkflowRunAttempt"]>>["data"];

/** The latest runs of workflows, by their file names, on the default branch, newest first: one call for each workflow. */
export async function latestRuns(
  repository: Repository,
  workflows: readonly string[],
  most: number,
): Promise<readonly ListedRun[]> {
  const lists = await Promise.all(workflows.map((workflow) => runsOf(repository, workflow, most)));
  return lists
    .flat()
    .toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || b.id - a.id)
    .slice(0, most);
}

/** Of a few more than are wanted, because runs of pull requests say nothing. None when there is no such workflow. */
async function runsOf(repository: Repository, workflow: string, most: number): Promise<readonly ListedRun[]> {
  try {
    const { data } = await repository.octokit.rest.actions.listWorkflowRuns({
      ...at(repository),
      workflow_id: workflow,
      branch: repository.defaultBranch,
      per_page: Math.min(100, most + 10),
    });
    return data.workflow_runs
      .filter(({ event }) => !event.startsWith("pull_request"))
      .map((run) => listed(run, workflow));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** One attempt of a run; null when GitHub has it no more. */
export async function readAttempt(repository: Repository, attempt: string): Promise<ListedRun | null> {
  const [id, number] = attempt.split(".").map(Number);
  if (id === undefined || number === undefined) return null;
  try {
    const { data } = await repository.octokit.rest.actions.getWorkflowRunAttempt({
      ...at(repository),
      run_id: id,
      attempt_number: number,
    });
    return listed(data, "");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A run that ended, as results are asked about it; null while it is under way. */
export function finished({ id, attempt, startedAt, completedAt, isUnderWay }: ListedRun): FinishedRun | null {
  return isUnderWay || startedAt === null || completedAt === null ? null : { id, attempt, startedAt, completedAt };
}

/** Which of these workflows somebody has switched off, by file name. */
export async function disabledWorkflows(
  repository: Repository,
  workflows: readonly string[],
): Promise<readonly string[]> {
  const states = await Promise.all(
    workflows.map(async (workflow) => {
      try {
        const { data } = await repository.octokit.rest.actions.getWorkflow({
          ...at(repository),
          workflow_id: workflow,
        });
        return data.state;
      } catch (error) {
        if (isMissing(error)) return "active";
        throw error;
      }
    }),
  );
  return workflows.filter((_, index) => states[index]?.startsWith("disabled"));
}

function listed(run: Run, workflow: string): ListedRun {
  return {
    id: run.id,
    attempt: run.run_attempt ?? 1,
    url: run.html_url,
    workflow,
    headSha: run.head_sha,
    conclusion: run.conclusion,
    isUnderWay: run.status !== "completed",
    startedAt: parseInstant(run.run_started_at ?? run.created_at),
    completedAt: parseInstant(run.updated_at),
  };
}
