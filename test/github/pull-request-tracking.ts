import type { PullRequestRow, RepositoryRow, UserRow } from "./database.ts";
import { report } from "./events.ts";
import { branchTip } from "./git/branches.ts";
import { isAncestor } from "./git/history.ts";
import { ObjectStore } from "./git/object-store.ts";
import type { Json } from "./json.ts";
import { fullPullRequestJson } from "./shape/pull-request.ts";
import { type Site, timestamp } from "./site.ts";

/**
 * A pull request follows its head branch: `synchronize` after every push. When the push leaves it without a commit of its
 * own, the head equal to the base above all, GitHub closes it (octokit.js#1373, git-grok#30).
 */
export function afterPush(
  site: Site,
  repository: RepositoryRow,
  moved: { readonly branch: string; readonly before: string; readonly after: string },
  pusher: UserRow,
): void {
  const { before, after } = moved;
  for (const pull of openPullsFrom(site, repository, moved.branch)) {
    const current = site.db.pullRequests.update(pull.id, { head_sha: after });
    if (!current) continue;
    reportPullRequest(site, "synchronize", current, pusher, { before, after });
    if (isEmpty(site, repository, current)) setState(site, current, "closed", pusher);
  }
}

/** Deleting the head branch closes what is still open. */
export function afterDeletion(site: Site, repository: RepositoryRow, branch: string, by: UserRow): void {
  for (const pull of openPullsFrom(site, repository, branch)) setState(site, pull, "closed", by);
}

/** Closes or reopens a pull request together with its issue side. */
export function setState(site: Site, pull: PullRequestRow, state: "open" | "closed", by: UserRow): PullRequestRow {
  if (pull.state === state) return pull;
  const closed_at = state === "closed" ? timestamp() : null;
  const current = site.db.pullRequests.update(pull.id, { state, closed_at }) ?? pull;
  closeIssueSide(site, current, by);
  reportPullRequest(site, state === "closed" ? "closed" : "reopened", current, by);
  return current;
}

/** Brings the issue side's state in line with the pull request's. */
export function closeIssueSide(site: Site, pull: PullRequestRow, by: UserRow): void {
  const issue = site.db.issues.findBy("repo_id", pull.repo_id).find((row) => row.number === pull.number);
  if (!issue) return;
  const { state, closed_at } = pull;
  site.db.issues.update(issue.id, { state, closed_at, closed_by_id: state === "closed" ? by.id : null });
}

/** The `pull_request` event. GitHub has not computed mergeability by then, and says `unknown`. */
export function reportPullRequest(
  site: Site,
  action: string,
  pull: PullRequestRow,
  sender: UserRow,
  details: Json = {},
): void {
  const repository = site.db.repos.get(pull.repo_id);
  if (!repository) return;
  const pull_request = fullPullRequestJson(site, pull, { mergeable: null, state: "unknown" });
  report(site, "pull_request", repository, sender, { action, number: pull.number, pull_request, ...details });
}

function isEmpty(site: Site, repository: RepositoryRow, { base_ref, head_sha }: PullRequestRow): boolean {
  const base = branchTip(site, repository, base_ref);
  return base !== null && isAncestor(new ObjectStore(site.db, repository.id), head_sha, base);
}

function openPullsFrom(site: Site, repository: RepositoryRow, branch: string): PullRequestRow[] {
  return site.db.pullRequests
    .findBy("repo_id", repository.id)
    .filter((pull) => pull.state === "open" && pull.head_ref === branch);
}
