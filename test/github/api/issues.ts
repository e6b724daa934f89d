import type { IssueRow } from "../database.ts";
import { report } from "../events.ts";
import { nextNumber } from "../issue-numbers.ts";
import type { Json } from "../json.ts";
import { setState } from "../pull-request-tracking.ts";
import { userJson } from "../shape/account.ts";
import { issueJson } from "../shape/issue.ts";
import { type Site, timestamp } from "../site.ts";
import { ensureLabels, labelNames, reportLabels } from "./labels.ts";
import {
  type Answer,
  actor,
  created,
  mayPush,
  notFound,
  ok,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
} from "./routes.ts";

/** `/repos/{owner}/{repo}/issues`: pull requests are issues here too, as on GitHub. */
export function issueRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/issues", (request) => listIssues(site, request));
  repositoryRoute(site, "POST", "/issues", (request) => openIssue(site, request));
  repositoryRoute(site, "GET", "/issues/:number", (request) => ok(issueJson(site, issueOf(site, request))));
  repositoryRoute(site, "PATCH", "/issues/:number", (request) => editIssue(site, request));
}

/** The issue or pull request of the path; 404 without one. */
export function issueOf(site: Site, request: RepositoryRequest): IssueRow {
  const number = Number(request.param("number"));
  const issue = site.db.issues.findBy("repo_id", request.repository.id).find((row) => row.number === number);
  if (!issue) throw notFound();
  return issue;
}

function listIssues(site: Site, request: RepositoryRequest): Answer {
  const state = request.query("state") ?? "open";
  const wanted = (request.query("labels") ?? "").split(",").filter(Boolean);
  const creator = request.query("creator")?.toLowerCase();
  const since = request.query("since");
  const sort = request.query("sort") === "updated" ? "updated_at" : "created_at";
  const issues = site.db.issues
    .findBy("repo_id", request.repository.id)
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => wanted.every((name) => labelNames(site, issue).includes(name.toLowerCase())))
    .filter((issue) => !creator || site.db.users.get(issue.user_id)?.login.toLowerCase() === creator)
    .filter((issue) => !since || Date.parse(issue.updated_at) >= Date.parse(since))
    .sort((a, b) => a[sort].localeCompare(b[sort]) || a.number - b.number);
  const { items, headers } = page(request, request.query("direction") === "asc" ? issues : issues.toReversed());
  return { status: 200, body: items.map((issue) => issueJson(site, issue)), headers };
}

async function openIssue(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const user = actor(request);
  const { title, body, labels } = await request.json();
  if (typeof title !== "string" || title === "") {
    throw new Refusal(422, "Validation Failed", [{ resource: "Issue", field: "title", code: "missing_field" }]);
  }
  // Labels of people without push access are dropped without a word.
  const labelIds = mayPush(site, request.caller, repository) ? ensureLabels(site, repository, labels) : [];
  const number = nextNumber(site, repository);
  const issue = site.db.issues.insert({
    node_id: `I_${repository.id}_${number}`,
    number,
    repo_id: repository.id,
    title,
    body: typeof body === "string" ? body : null,
    state: "open",
    state_reason: null,
    locked: false,
    active_lock_reason: null,
    user_id: user.id,
    assignee_ids: [],
    label_ids: labelIds,
    milestone_id: null,
    comments: 0,
    closed_at: null,
    closed_by_id: null,
    is_pull_request: false,
  });
  site.db.repos.update(repository.id, { open_issues_count: repository.open_issues_count + 1 });
  reportIssue(site, request, "opened", issue);
  reportLabels(site, issue, [], user);
  return created(issueJson(site, issue));
}

async function editIssue(site: Site, request: RepositoryRequest): Promise<Answer> {
  const user = actor(request);
  const issue = issueOf(site, request);
  if (user.id !== issue.user_id && !mayPush(site, request.caller, request.repository)) {
    throw new Refusal(403, "Must have admin rights to Repository.");
  }
  const body = await request.json();
  const text = changedText(issue, body);
  let current = site.db.issues.update(issue.id, text) ?? issue;
  if (Object.keys(text).length > 0) {
    const before = Object.keys(text).map((key) => [key, { from: key === "title" ? issue.title : (issue.body ?? "") }]);
    reportIssue(site, request, "edited", current, { changes: Object.fromEntries(before) });
  }
  if (Array.isArray(body.labels)) {
    const label_ids = ensureLabels(site, request.repository, body.labels);
    current = site.db.issues.update(issue.id, { label_ids }) ?? current;
    reportLabels(site, current, issue.label_ids, user);
  }
  if (Array.isArray(body.assignees)) current = assign(site, request, current, body.assignees);
  if (body.state === "open" || body.state === "closed") {
    current = changeState(site, request, current, body.state, body.state_reason);
  }
  return ok(issueJson(site, current));
}

/** Makes these the people who are assigned, in place of those that were. Whoever is no collaborator is left out. */
function assign(site: Site, request: RepositoryRequest, issue: IssueRow, logins: readonly unknown[]): IssueRow {
  const people = logins.flatMap((login) => site.db.users.findBy("login", String(login)));
  const assignee_ids = people.map(({ id }) => id);
  const current = site.db.issues.update(issue.id, { assignee_ids }) ?? issue;
  for (const person of people) {
    if (issue.assignee_ids.includes(person.id)) continue;
    reportIssue(site, request, "assigned", current, { assignee: userJson(site, person) });
  }
  return current;
}

function changedText(issue: IssueRow, { title, body }: Json): Partial<IssueRow> {
  return {
    ...(typeof title === "string" && title !== issue.title ? { title } : {}),
    ...(typeof body === "string" && body !== issue.body ? { body } : {}),
  };
}

function changeState(
  site: Site,
  request: RepositoryRequest,
  issue: IssueRow,
  state: "open" | "closed",
  reason: unknown,
): IssueRow {
  if (issue.state === state) return issue;
  const user = actor(request);
  const pull = site.db.pullRequests.findBy("repo_id", issue.repo_id).find((row) => row.number === issue.number);
  if (pull) {
    setState(site, pull, state, user);
    return site.db.issues.get(issue.id) ?? issue;
  }
  const closing = state === "closed";
  const change = {
    state,
    state_reason: typeof reason === "string" ? reason : closing ? "completed" : "reopened",
    closed_at: closing ? timestamp(site.clock) : null,
    closed_by_id: closing ? user.id : null,
  };
  const current = site.db.issues.update(issue.id, change) ?? issue;
  reportIssue(site, request, closing ? "closed" : "reopened", current);
  return current;
}

function reportIssue(
  site: Site,
  request: RepositoryRequest,
  action: string,
  issue: IssueRow,
  details: Json = {},
): void {
  const payload = { action, issue: issueJson(site, issue), ...details };
  report(site, "issues", request.repository, actor(request), payload);
}
