import { mergeWhenReady } from "../auto-merge.ts";
import type { CheckRunRow, RepositoryRow } from "../database.ts";
import { report } from "../events.ts";
import { resolveCommit } from "../git/branches.ts";
import { ObjectStore } from "../git/object-store.ts";
import { isObject, type Json } from "../json.ts";
import { checkRunJson } from "../shape/check-run.ts";
import { type Site, timestamp } from "../site.ts";
import {
  type Answer,
  actor,
  created,
  notFound,
  ok,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
} from "./routes.ts";

const CONCLUSIONS = ["success", "failure", "neutral", "cancelled", "timed_out", "action_required", "skipped"];
const STATUSES = ["queued", "in_progress", "completed"];

/** `/repos/{owner}/{repo}/check-runs`: only apps write them, and only their own. */
export function checkRunRoutes(site: Site): void {
  repositoryRoute(site, "POST", "/check-runs", (request) => createCheckRun(site, request));
  repositoryRoute(site, "PATCH", "/check-runs/:check", (request) => updateCheckRun(site, request));
  repositoryRoute(site, "GET", "/check-runs/:check", (request) =>
    ok(checkRunJson(site, request.repository, checkOf(site, request))),
  );
  repositoryRoute(site, "GET", "/commits/:ref/check-runs", (request) => listCheckRuns(site, request));
}

async function createCheckRun(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  appOf(request);
  const body = await request.json();
  const { name, head_sha } = body;
  if (typeof name !== "string" || typeof head_sha !== "string") {
    throw new Refusal(422, `Invalid request.\n\n"${typeof name === "string" ? "head_sha" : "name"}" wasn't supplied.`);
  }
  if (!new ObjectStore(site.db, repository.id).commit(head_sha))
    throw new Refusal(422, `No commit found for SHA: ${head_sha}`);
  const row = insertCheckRun(site, repository, { name, head_sha, app_id: site.app.appId, ...fieldsOf(body) });
  await announce(site, repository, row);
  return created(checkRunJson(site, repository, row));
}

async function updateCheckRun(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  appOf(request);
  const check = checkOf(site, request);
  if (check.app_id !== site.app.appId)
    throw new Refusal(
      403,
      "Invalid app_id `app_id` - check run can only be modified by the GitHub App that created it.",
    );
  const body = await request.json();
  const name = typeof body.name === "string" ? { name: body.name } : {};
  const row = site.db.checkRuns.update(check.id, { ...name, ...fieldsOf(body) }) ?? check;
  await announce(site, repository, row);
  return ok(checkRunJson(site, repository, row));
}

/** A check run of any app, such as GitHub Actions; what follows from it is up to the caller. */
export function insertCheckRun(
  site: Site,
  repository: RepositoryRow,
  check: Pick<CheckRunRow, "name" | "head_sha" | "app_id"> & Partial<CheckRunRow>,
): CheckRunRow {
  return site.db.checkRuns.insert({
    node_id: `CR_${repository.id}_${check.head_sha.slice(0, 8)}_${check.name}`,
    repo_id: repository.id,
    status: "queued",
    conclusion: null,
    external_id: "",
    details_url: null,
    output: { title: null, summary: null, text: null },
    started_at: timestamp(),
    completed_at: null,
    ...check,
  });
}

/** A conclusion makes a check run completed (GitHub documentation, "Update a check run"). */
function fieldsOf({ status, conclusion, external_id, details_url, output }: Json): Partial<CheckRunRow> {
  if (conclusion !== undefined && !CONCLUSIONS.includes(String(conclusion))) {
    throw new Refusal(422, `Invalid request.\n\n${String(conclusion)} is not a possible conclusion.`);
  }
  if (status !== undefined && !STATUSES.includes(String(status))) {
    throw new Refusal(422, `Invalid request.\n\n${String(status)} is not a possible status.`);
  }
  if (status === "completed" && conclusion === undefined) {
    throw new Refusal(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  if (isObject(output) && (typeof output.title !== "string" || typeof output.summary !== "string")) {
    throw new Refusal(422, 'Invalid request.\n\n"title" and "summary" must be supplied.');
  }
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    ...(typeof status === "string" ? { status } : {}),
    ...(typeof conclusion === "string" ? { conclusion, status: "completed", completed_at: timestamp() } : {}),
    ...(typeof external_id === "string" ? { external_id } : {}),
    ...(typeof details_url === "string" ? { details_url } : {}),
    ...(isObject(output)
      ? { output: { title: text(output.title), summary: text(output.summary), text: text(output.text) } }
      : {}),
  };
}

async function announce(site: Site, repository: RepositoryRow, check: CheckRunRow): Promise<void> {
  const action = check.status === "completed" ? "completed" : "created";
  report(site, "check_run", repository, site.db.users.get(site.app.botId), {
    action,
    check_run: checkRunJson(site, repository, check),
  });
  await mergeWhenReady(site, repository, check.head_sha);
}

function listCheckRuns(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const commit = resolveCommit(site, repository, request.param("ref"));
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${request.param("ref")}`);
  const [name, app, filter] = [request.query("check_name"), request.query("app_id"), request.query("filter")];
  const checks = site.db.checkRuns
    .findBy("head_sha", commit.sha)
    .filter((row) => row.repo_id === repository.id)
    .filter((row) => name === undefined || row.name === name)
    .filter((row) => app === undefined || row.app_id === Number(app));
  const { items, headers } = page(request, filter === "all" ? checks : latest(checks));
  const check_runs = items.map((row) => checkRunJson(site, repository, row));
  return { status: 200, body: { total_count: check_runs.length, check_runs }, headers };
}

/** The newest check run of every app and name. */
export function latest(checks: readonly CheckRunRow[]): readonly CheckRunRow[] {
  return [...new Map(checks.map((row) => [`${row.app_id} ${row.name}`, row])).values()];
}

function checkOf(site: Site, request: RepositoryRequest): CheckRunRow {
  const row = site.db.checkRuns.get(Number(request.param("check")));
  if (row?.repo_id !== request.repository.id) throw notFound();
  return row;
}

function appOf(request: RepositoryRequest): void {
  actor(request);
  if (request.caller.kind !== "installation") throw new Refusal(403, "You must authenticate via a GitHub App.");
}
