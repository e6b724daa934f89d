import type { JobRow, RepositoryRow, RunRow, WorkflowRow } from "../database.ts";
import { ObjectStore } from "../git/object-store.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { userJsonById } from "./account.ts";
import { apiUrl, htmlUrl, repositoryJson } from "./repository.ts";

/** OpenAPI `workflow`. */
export function workflowJson(site: Site, repository: RepositoryRow, workflow: WorkflowRow): Json {
  const { id, node_id, name, path, state, created_at, updated_at } = workflow;
  return {
    id,
    node_id,
    name,
    path,
    state,
    created_at,
    updated_at,
    url: `${apiUrl(site, repository)}/actions/workflows/${id}`,
    html_url: `${htmlUrl(site, repository)}/blob/${repository.default_branch}/${path}`,
    badge_url: `${htmlUrl(site, repository)}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}

/** OpenAPI `workflow-run`; the `workflow_run` event carries the same. */
export function runJson(site: Site, repository: RepositoryRow, run: RunRow): Json {
  const url = `${apiUrl(site, repository)}/actions/runs/${run.id}`;
  const actor = userJsonById(site, run.actor_id);
  return {
    id: run.id,
    node_id: run.node_id,
    name: run.name,
    path: site.db.workflows.get(run.workflow_id)?.path ?? "",
    display_title: run.name,
    head_branch: run.head_branch,
    head_sha: run.head_sha,
    head_commit: headCommitJson(site, run),
    run_number: run.run_number,
    run_attempt: run.run_attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow_id,
    check_suite_id: run.id,
    check_suite_node_id: `CS_${run.id}`,
    pull_requests: [],
    created_at: run.created_at,
    updated_at: run.changed_at,
    run_started_at: run.run_started_at,
    actor,
    triggering_actor: actor,
    url,
    html_url: `${htmlUrl(site, repository)}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${apiUrl(site, repository)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.run_attempt > 1 ? `${url}/attempts/${run.run_attempt - 1}` : null,
    workflow_url: `${apiUrl(site, repository)}/actions/workflows/${run.workflow_id}`,
    referenced_workflows: [],
    repository: repositoryJson(site, repository),
    head_repository: repositoryJson(site, repository),
  };
}

/** OpenAPI `job`. */
export function jobJson(site: Site, repository: RepositoryRow, run: RunRow, job: JobRow): Json {
  const url = apiUrl(site, repository);
  const { id, node_id, name, labels, status, conclusion, started_at, completed_at, steps } = job;
  const { runner_id, runner_name, runner_group_id, runner_group_name } = job;
  return {
    id,
    run_id: run.id,
    run_attempt: job.run_attempt,
    run_url: `${url}/actions/runs/${run.id}`,
    node_id,
    head_sha: run.head_sha,
    head_branch: run.head_branch,
    workflow_name: run.name,
    url: `${url}/actions/jobs/${id}`,
    html_url: `${htmlUrl(site, repository)}/actions/runs/${run.id}/job/${id}`,
    check_run_url: `${url}/check-runs/${id}`,
    name,
    status,
    conclusion,
    created_at: started_at,
    started_at,
    completed_at,
    steps,
    labels,
    runner_id,
    runner_name,
    runner_group_id,
    runner_group_name,
  };
}

function headCommitJson(site: Site, run: RunRow): Json | null {
  const commit = new ObjectStore(site.db, run.repo_id).commit(run.head_sha);
  if (!commit) return null;
  return {
    id: commit.sha,
    tree_id: commit.tree_sha,
    message: commit.message,
    timestamp: commit.committer_date,
    author: { name: commit.author_name, email: commit.author_email },
    committer: { name: commit.committer_name, email: commit.committer_email },
  };
}
