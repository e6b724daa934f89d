import type { PullRequestRow, RepositoryRow, UserRow } from "../database.ts";
import { branchTip } from "../git/branches.ts";
import { differences } from "../git/difference.ts";
import { history, isAncestor } from "../git/history.ts";
import { ObjectStore } from "../git/object-store.ts";
import { pullRequestCommits, pullRequestRange } from "../git/pull-request-range.ts";
import type { Json } from "../json.ts";
import { mergeability } from "../mergeability.ts";
import { insertPullRequest, type PullRequestDraft } from "../open-pull-request.ts";
import { reportPullRequest, setState } from "../pull-request-tracking.ts";
import { roleOf } from "../roles.ts";
import { userJson } from "../shape/account.ts";
import { commitJson, fileChangeJson } from "../shape/commit.ts";
import { fullPullRequestJson, pullRequestJson } from "../shape/pull-request.ts";
import { ownerLogin } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import { mergePullRequest } from "./pull-request-merge.ts";
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

/** `/repos/{owner}/{repo}/pulls` and what hangs on a pull request. */
export function pullRequestRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/pulls", (request) => listPulls(site, request));
  repositoryRoute(site, "POST", "/pulls", (request) => openPull(site, request));
  repositoryRoute(site, "GET", "/pulls/:number", (request) => onePull(site, request, pullOf(site, request)));
  repositoryRoute(site, "PATCH", "/pulls/:number", (request) => editPull(site, request));
  repositoryRoute(site, "GET", "/pulls/:number/files", (request) => listFiles(site, request));
  repositoryRoute(site, "GET", "/pulls/:number/commits", (request) => listPullCommits(site, request));
  repositoryRoute(site, "GET", "/pulls/:number/merge", (request) => {
    if (!pullOf(site, request).merged) throw notFound();
    return noContent;
  });
  repositoryRoute(site, "PUT", "/pulls/:number/merge", (request) =>
    mergePullRequest(site, request, pullOf(site, request)),
  );
  repositoryRoute(site, "POST", "/pulls/:number/requested_reviewers", (request) => requestReviewers(site, request));
  repositoryRoute(site, "GET", "/commits/:sha/pulls", (request) => pullsOfCommit(site, request));
}

function pullOf(site: Site, request: RepositoryRequest): PullRequestRow {
  const number = Number(request.param("number"));
  const pull = site.db.pullRequests.findBy("repo_id", request.repository.id).find((row) => row.number === number);
  if (!pull) throw notFound();
  return pull;
}

function listPulls(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const [state, head, base] = [request.query("state") ?? "open", request.query("head"), request.query("base")];
  const owner = ownerLogin(repository);
  const direction = request.query("direction") ?? (request.query("sort") ? "asc" : "desc");
  const pulls = site.db.pullRequests
    .findBy("repo_id", repository.id)
    .filter((pull) => state === "all" || pull.state === state)
    // Only `user:branch` filters; GitHub ignores a bare branch name here.
    .filter((pull) => !head?.includes(":") || head.toLowerCase() === `${owner}:${pull.head_ref}`.toLowerCase())
    .filter((pull) => !base || pull.base_ref === base);
  const sorted =
    request.query("sort") === "updated"
      ? pulls.toSorted((one, other) => one.updated_at.localeCompare(other.updated_at))
      : pulls;
  const { items, headers } = page(request, direction === "asc" ? sorted : sorted.toReversed());
  return { status: 200, body: items.map((pull) => pullRequestJson(site, pull)), headers };
}

async function openPull(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const { title, head, base, body, draft } = await request.json();
  const pull = createPullRequest(site, repository, actor(request), {
    title: typeof title === "string" ? title : "",
    body: typeof body === "string" ? body : null,
    head: String(head),
    base: String(base),
    draft: draft === true,
  });
  return created(fullPullRequestJson(site, pull, { mergeable: null, state: "unknown" }));
}

/** Opens a pull request and tells so. @throws {Refusal} 422 as GitHub words it */
export function createPullRequest(
  site: Site,
  repository: RepositoryRow,
  user: UserRow,
  pull: Omit<PullRequestDraft, "headSha" | "baseSha">,
): PullRequestRow {
  if (pull.title === "") throw invalid([{ code: "missing_field", field: "title" }]);
  const head = pull.head.replace(new RegExp(`^${ownerLogin(repository)}:`, "i"), "");
  const tips = tipsOf(site, repository, head, pull.base);
  assertNew(site, repository, head, pull.base);
  const row = insertPullRequest(site, repository, user, { ...pull, head, headSha: tips.head, baseSha: tips.base });
  reportPullRequest(site, "opened", row, user);
  return row;
}

/** Where both branches stand; 422 as on GitHub when one is missing or the head brings nothing. */
function tipsOf(site: Site, repository: RepositoryRow, head: string, base: string): { head: string; base: string } {
  const [headTip, baseTip] = [branchTip(site, repository, head), branchTip(site, repository, base)];
  if (headTip === null) throw invalid([{ resource: "PullRequest", field: "head", code: "invalid" }]);
  if (baseTip === null) throw invalid([{ resource: "PullRequest", field: "base", code: "invalid" }]);
  const objects = new ObjectStore(site.db, repository.id);
  if (isAncestor(objects, headTip, baseTip)) {
    throw invalid([{ resource: "PullRequest", code: "custom", message: `No commits between ${base} and ${head}` }]);
  }
  return { head: headTip, base: baseTip };
}

function assertNew(site: Site, repository: RepositoryRow, head: string, base: string): void {
  const duplicate = site.db.pullRequests
    .findBy("repo_id", repository.id)
    .some((pull) => pull.state === "open" && pull.head_ref === head && pull.base_ref === base);
  if (!duplicate) return;
  const message = `A pull request already exists for ${ownerLogin(repository)}:${head}.`;
  throw invalid([{ resource: "PullRequest", code: "custom", message }]);
}

function invalid(errors: readonly Json[]): Refusal {
  return new Refusal(422, "Validation Failed", errors);
}

async function onePull(site: Site, request: RepositoryRequest, pull: PullRequestRow): Promise<Answer> {
  return ok(fullPullRequestJson(site, pull, await mergeability(site, request.repository, pull)));
}

async function editPull(site: Site, request: RepositoryRequest): Promise<Answer> {
  const user = actor(request);
  const pull = pullOf(site, request);
  const { title, body, state } = await request.json();
  const text = {
    ...(typeof title === "string" && title !== pull.title ? { title } : {}),
    ...(typeof body === "string" && body !== pull.body ? { body } : {}),
  };
  let current = pull;
  if (Object.keys(text).length > 0) {
    current = site.db.pullRequests.update(pull.id, text) ?? pull;
    const issue = site.db.issues.findBy("repo_id", pull.repo_id).find((row) => row.number === pull.number);
    if (issue) site.db.issues.update(issue.id, text);
    const changes = Object.fromEntries(
      Object.keys(text).map((key) => [key, { from: key === "title" ? pull.title : pull.body }]),
    );
    reportPullRequest(site, "edited", current, user, { changes });
  }
  if (state === "open" || state === "closed") {
    if (state === "open" && pull.merged) throw invalid([{ resource: "PullRequest", code: "invalid", field: "state" }]);
    current = setState(site, current, state, user);
  }
  return onePull(site, request, current);
}

function listFiles(site: Site, request: RepositoryRequest): Answer {
  const pull = pullOf(site, request);
  const { baseTree, headTree } = pullRequestRange(site, pull);
  const changes = differences(new ObjectStore(site.db, pull.repo_id), baseTree, headTree);
  const { items, headers } = page(request, changes);
  const body = items.map((change) => fileChangeJson(site, request.repository, change, pull.head_sha));
  return { status: 200, body, headers };
}

function listPullCommits(site: Site, request: RepositoryRequest): Answer {
  const { items, headers } = page(request, pullRequestCommits(site, pullOf(site, request)));
  return { status: 200, body: items.map((commit) => commitJson(site, request.repository, commit)), headers };
}

async function requestReviewers(site: Site, request: RepositoryRequest): Promise<Answer> {
  const pull = pullOf(site, request);
  const by = actor(request);
  const { reviewers } = await request.json();
  const people = (Array.isArray(reviewers) ? reviewers : []).map((login) =>
    site.db.users.findOneBy("login", String(login)),
  );
  return created(pullRequestJson(site, requestReviews(site, pull, people, by)));
}

/** Asks people for a review, and tells so. @throws {Refusal} 422 for the author, and for who may not see the repository */
export function requestReviews(
  site: Site,
  pull: PullRequestRow,
  people: readonly (UserRow | undefined)[],
  by: UserRow,
): PullRequestRow {
  const repository = site.db.repos.get(pull.repo_id);
  const wanted = people.map((user) => {
    const isCollaborator = user && repository && roleOf(site, { ...repository, private: true }, user) !== "none";
    if (!isCollaborator) {
      throw new Refusal(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.",
      );
    }
    if (user.id === pull.user_id) throw new Refusal(422, "Review cannot be requested from pull request author.");
    return user;
  });
  const added = wanted.filter(({ id }) => !pull.requested_reviewer_ids.includes(id));
  const requested_reviewer_ids = [...pull.requested_reviewer_ids, ...added.map(({ id }) => id)];
  const current = site.db.pullRequests.update(pull.id, { requested_reviewer_ids }) ?? pull;
  for (const reviewer of added) {
    reportPullRequest(site, "review_requested", current, by, { requested_reviewer: userJson(site, reviewer) });
  }
  return current;
}

/** The pull requests that brought a commit: by their merge commit, or because the commit is one of theirs. */
function pullsOfCommit(site: Site, request: RepositoryRequest): Answer {
  const sha = request.param("sha");
  const objects = new ObjectStore(site.db, request.repository.id);
  if (!objects.commit(sha)) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const { items, headers } = page(request, pullsBringing(site, request.repository, sha));
  return { status: 200, body: items.map((pull) => pullRequestJson(site, pull)), headers };
}

/** Oldest first. */
export function pullsBringing(site: Site, repository: RepositoryRow, sha: string): PullRequestRow[] {
  const objects = new ObjectStore(site.db, repository.id);
  return site.db.pullRequests
    .findBy("repo_id", repository.id)
    .filter(
      (pull) =>
        pull.merge_commit_sha === sha ||
        history(objects, pull.head_sha, [pull.base_sha]).some((row) => row.sha === sha),
    );
}
