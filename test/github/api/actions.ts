import type { RunRow, WorkflowRow } from "../database.ts";
import { jobJson, runJson, workflowJson } from "../shape/workflow.ts";
import type { Site } from "../site.ts";
import { completeRun, findWorkflow, rerun, startRun } from "../workflow-runs.ts";
import {
  type Answer,
  actor,
  created,
  noContent,
  notFound,
  ok,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
} from "./routes.ts";

/** `/repos/{owner}/{repo}/actions`: workflows, runs, attempts and jobs. */
export function actionRoutes(site: Site): void {
  workflowRoutes(site);
  repositoryRoute(site, "GET", "/actions/runs", (request) =>
    listRuns(site, request, site.db.workflowRuns.findBy("repo_id", request.repository.id)),
  );
  repositoryRoute(site, "GET", "/actions/runs/:run", (request) =>
    ok(runJson(site, request.repository, runOf(site, request))),
  );
  repositoryRoute(site, "GET", "/actions/runs/:run/attempts/:attempt", (request) => readAttempt(site, request));
  repositoryRoute(site, "GET", "/actions/runs/:run/jobs", (request) =>
    listJobs(site, request, request.query("filter") === "all" ? "all" : runOf(site, request).run_attempt),
  );
  repositoryRoute(site, "GET", "/actions/runs/:run/attempts/:attempt/jobs", (request) =>
    listJobs(site, request, Number(request.param("attempt"))),
  );
  repositoryRoute(site, "POST", "/actions/runs/:run/cancel", (request) => cancel(site, request));
  repositoryRoute(site, "POST", "/actions/runs/:run/rerun", (request) => {
    actor(request);
    const run = runOf(site, request);
    if (run.status !== "completed") throw new Refusal(403, "This workflow run is already running");
    rerun(site, run.id);
    return created({});
  });
}

function workflowRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/actions/workflows", (request) => {
    const workflows = site.db.workflows.findBy("repo_id", request.repository.id);
    const { items, headers } = page(request, workflows);
    const listed = items.map((workflow) => workflowJson(site, request.repository, workflow));
    return { status: 200, body: { total_count: workflows.length, workflows: listed }, headers };
  });
  repositoryRoute(site, "GET", "/actions/workflows/:workflow", (request) =>
    ok(workflowJson(site, request.repository, workflowOf(site, request))),
  );
  repositoryRoute(site, "GET", "/actions/workflows/:workflow/runs", (request) =>
    listRuns(site, request, site.db.workflowRuns.findBy("workflow_id", workflowOf(site, request).id)),
  );
  const states = { enable: "active", disable: "disabled_manually" } as const;
  for (const [verb, state] of Object.entries(states)) {
    repositoryRoute(site, "PUT", `/actions/workflows/:workflow/${verb}`, (request) => {
      actor(request);
      site.db.workflows.update(workflowOf(site, request).id, { state });
      return noContent;
    });
  }
  repositoryRoute(site, "POST", "/actions/workflows/:workflow/dispatches", async (request) => {
    const workflow = workflowOf(site, request);
    const { ref } = await request.json();
    if (typeof ref !== "string") throw new Refusal(422, `Invalid request.\n\n"ref" wasn't supplied.`);
    if (workflow.state !== "active")
      throw new Refusal(403, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
    const branch = ref.replace(/^refs\/heads\//, "");
    startRun(site, request.repository, { workflow, branch, event: "workflow_dispatch", actor: actor(request) });
    return noContent;
  });
}

function workflowOf(site: Site, request: RepositoryRequest): WorkflowRow {
  const workflow = findWorkflow(site, request.repository, request.param("workflow"));
  if (!workflow) throw notFound();
  return workflow;
}

function runOf(site: Site, request: RepositoryRequest): RunRow {
  const run = site.db.workflowRuns.get(Number(request.param("run")));
  if (run?.repo_id !== request.repository.id) throw notFound();
  return run;
}

function listRuns(site: Site, request: RepositoryRequest, runs: readonly RunRow[]): Answer {
  const [status, branch, event] = [request.query("status"), request.query("branch"), request.query("event")];
  const isCreated = createdFilter(request.query("created"));
  const shown = runs
    .filter((run) => !status || run.status === status || run.conclusion === status)
    .filter((run) => !branch || run.head_branch === branch)
    .filter((run) => !event || run.event === event)
    .filter((run) => isCreated(Date.parse(run.created_at)))
    .sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id);
  const { items, headers } = page(request, shown);
  const workflow_runs = items.map((run) => runJson(site, request.repository, run));
  return { status: 200, body: { total_count: shown.length, workflow_runs }, headers };
}

/** `created` in the date syntax of GitHub search: `>=2026-01-01`, `2026-01-01..2026-02-01`, a day. */
function createdFilter(text: string | undefined): (created: number) => boolean {
  if (!text) return () => true;
  const [from, to] = text.split("..");
  if (from !== undefined && to !== undefined) {
    const [start, end] = [from === "*" ? -Infinity : Date.parse(from), to === "*" ? Infinity : Date.parse(to)];
    return (created) => created >= start && created <= end;
  }
  const { operator = "", date = "" } = /^(?<operator>[<>]=?)?(?<date>.+)$/.exec(text)?.groups ?? {};
  const moment = Date.parse(date);
  switch (operator) {
    case ">":
      return (created) => created > moment;
    case ">=":
      return (created) => created >= moment;
    case "<":
      return (created) => created < moment;
    case "<=":
      return (created) => created <= moment;
    default:
      return (created) => new Date(created).toISOString().startsWith(date);
  }
}

function readAttempt(site: Site, request: RepositoryRequest): Answer {
  const run = runOf(site, request);
  const number = Number(request.param("attempt"));
  const earlier = run.earlier_attempts.find((attempt) => attempt.run_attempt === number);
  if (!earlier && number !== run.run_attempt) throw notFound();
  return ok(runJson(site, request.repository, { ...run, ...earlier }));
}

function listJobs(site: Site, request: RepositoryRequest, attempt: number | "all"): Answer {
  const run = runOf(site, request);
  const jobs = site.db.jobs.findBy("run_id", run.id).filter((job) => attempt === "all" || job.run_attempt === attempt);
  const { items, headers } = page(request, jobs);
  const listed = items.map((job) => jobJson(site, request.repository, run, job));
  return { status: 200, body: { total_count: jobs.length, jobs: listed }, headers };
}

function cancel(site: Site, request: RepositoryRequest): Answer {
  actor(request);
  const run = runOf(site, request);
  if (run.status === "completed") throw new Refusal(409, "Cannot cancel a workflow run that is completed.");
  completeRun(site, run.id, { conclusion: "cancelled" });
  return { status: 202, body: {} };
}
