import { type IssueRow, type LabelRow, nodeId, type RepositoryRow, type UserRow } from "../database.ts";
import { report } from "../events.ts";
import { isObject } from "../json.ts";
import { reportPullRequest } from "../pull-request-tracking.ts";
import { issueJson, labelsJson } from "../shape/issue.ts";
import type { Site } from "../site.ts";
import { issueOf } from "./issues.ts";
import {
  type Answer,
  actor,
  mayPush,
  noContent,
  ok,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
} from "./routes.ts";

/** `issues/{number}/labels`, for issues and pull requests alike. Labels that do not exist are created. */
export function labelRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/issues/:number/labels", (request) =>
    ok(labelsJson(site, issueOf(site, request).label_ids)),
  );
  repositoryRoute(site, "POST", "/issues/:number/labels", (request) =>
    relabel(site, request, (now, given) => [...new Set([...now, ...given])]),
  );
  repositoryRoute(site, "PUT", "/issues/:number/labels", (request) => relabel(site, request, (_now, given) => given));
  repositoryRoute(site, "DELETE", "/issues/:number/labels/:name", (request) => {
    const name = request.param("name").toLowerCase();
    const issue = issueOf(site, request);
    const label = labelsOf(site, issue).find((row) => row.name.toLowerCase() === name);
    if (!label) throw new Refusal(404, "Label does not exist");
    const left = issue.label_ids.filter((id) => id !== label.id);
    setLabels(site, request, issue, left);
    return ok(labelsJson(site, left));
  });
  repositoryRoute(site, "DELETE", "/issues/:number/labels", (request) => {
    setLabels(site, request, issueOf(site, request), []);
    return noContent;
  });
}

/** The ids of labels given by name, made where they are missing; anything but names and label objects is ignored. */
export function ensureLabels(site: Site, repository: RepositoryRow, given: unknown): number[] {
  const names = (Array.isArray(given) ? given : []).map((item: unknown) => (isObject(item) ? item.name : item));
  const ids = names.filter((name) => typeof name === "string").map((name) => ensureLabel(site, repository, name).id);
  return [...new Set(ids)];
}

/** Lower-cased, because GitHub's labels are compared without regard to case. */
export function labelNames(site: Site, issue: IssueRow): string[] {
  return labelsOf(site, issue).map((label) => label.name.toLowerCase());
}

/** `labeled` and `unlabeled`, one event for each label that came or went. */
export function reportLabels(site: Site, issue: IssueRow, before: readonly number[], by: UserRow): void {
  const added = issue.label_ids.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !issue.label_ids.includes(id));
  for (const label of labelsJson(site, added)) reportLabel(site, "labeled", issue, label, by);
  for (const label of labelsJson(site, removed)) reportLabel(site, "unlabeled", issue, label, by);
}

function reportLabel(site: Site, action: string, issue: IssueRow, label: unknown, by: UserRow): void {
  const pull = site.db.pullRequests.findBy("repo_id", issue.repo_id).find((row) => row.number === issue.number);
  const repository = site.db.repos.get(issue.repo_id);
  if (pull) reportPullRequest(site, action, pull, by, { label });
  else if (repository) report(site, "issues", repository, by, { action, issue: issueJson(site, issue), label });
}

async function relabel(
  site: Site,
  request: RepositoryRequest,
  combine: (now: readonly number[], given: readonly number[]) => readonly number[],
): Promise<Answer> {
  const issue = issueOf(site, request);
  const body: unknown = JSON.parse((await request.raw.text()) || "{}");
  const given = ensureLabels(site, request.repository, isObject(body) ? body.labels : body);
  const ids = combine(issue.label_ids, given);
  setLabels(site, request, issue, ids);
  return ok(labelsJson(site, ids));
}

function setLabels(site: Site, request: RepositoryRequest, issue: IssueRow, label_ids: readonly number[]): void {
  const user = actor(request);
  if (!mayPush(site, request.caller, request.repository)) {
    throw new Refusal(403, "Must have admin rights to Repository.");
  }
  const current = site.db.issues.update(issue.id, { label_ids });
  if (current) reportLabels(site, current, issue.label_ids, user);
}

/** GitHub's longest label name (github/docs#32156); with a longer one the whole request is refused. */
const LONGEST_NAME = 50;

function ensureLabel(site: Site, repository: RepositoryRow, name: string): LabelRow {
  if (name.length > LONGEST_NAME) {
    throw new Refusal(422, "Validation Failed", [{ value: name, resource: "Label", field: "name", code: "invalid" }]);
  }
  const existing = site.db.labels
    .findBy("repo_id", repository.id)
    .find((label) => label.name.toLowerCase() === name.toLowerCase());
  const fresh = { repo_id: repository.id, node_id: nodeId("Label", 0) + name, name, description: null };
  return existing ?? site.db.labels.insert({ ...fresh, color: "ededed", default: false });
}

function labelsOf(site: Site, issue: IssueRow): LabelRow[] {
  return issue.label_ids.flatMap((id) => site.db.labels.get(id) ?? []);
}
