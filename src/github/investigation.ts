import type { CommitFact, RunFact } from "../domain/incidents/breaker-incident.ts";
import { DAY, type Instant, parseInstant } from "../domain/instant.ts";
import { at, type Repository } from "./repository.ts";

const RECENT_RUNS = 5;
const RECENT_CHANGES = 10;

/** What the runbook's section 1 has an operator look up by hand. A part that GitHub does not answer is null, not empty. */
export async function investigate(
  repository: Repository,
  workflows: readonly string[],
  now: Instant,
): Promise<{ readonly runs: readonly RunFact[] | null; readonly workflowChanges: readonly CommitFact[] | null }> {
  const [runs, workflowChanges] = await Promise.all([
    recentRuns(repository, workflows).catch(() => null),
    changesSince(repository, ".github/workflows", now - DAY).catch(() => null),
  ]);
  return { runs, workflowChanges };
}

/** Section 1, step 3: the latest runs of the batch workflows, newest first. */
async function recentRuns(repository: Repository, workflows: readonly string[]): Promise<readonly RunFact[]> {
  const { data } = await repository.octokit.rest.actions.listWorkflowRunsForRepo({ ...at(repository), per_page: 50 });
  return data.workflow_runs
    .filter(({ path }) => workflows.includes(workflowFile(path)))
    .slice(0, RECENT_RUNS)
    .map(({ id, html_url, conclusion, status, updated_at }) => ({
      id,
      url: html_url,
      conclusion: conclusion ?? status ?? "unknown",
      at: parseInstant(updated_at),
    }));
}

/** Section 1, step 5: commits on the default branch that changed a folder, newest first. */
async function changesSince(repository: Repository, path: string, since: Instant): Promise<readonly CommitFact[]> {
  const { data } = await repository.octokit.rest.repos.listCommits({
    ...at(repository),
    path,
    since: new Date(since).toISOString(),
    per_page: RECENT_CHANGES,
  });
  return data.map(({ sha, html_url, commit, author }) => ({
    sha,
    url: html_url,
    subject: commit.message.split("\n", 1)[0] ?? "",
    author: author?.login ?? commit.author?.name ?? "somebody",
  }));
}

/** The file name of a workflow in the form that GitHub gives its path: `.github/workflows/batch.yml@refs/heads/main`. */
export function workflowFile(path: string): string {
  return path.split("@", 1)[0]?.split("/").at(-1) ?? "";
}
