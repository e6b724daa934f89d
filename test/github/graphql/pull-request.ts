import { pullsBringing } from "../api/pull-requests.ts";
import type { CommitRow, PullRequestRow, RepositoryRow } from "../database.ts";
import { differences } from "../git/difference.ts";
import { ObjectStore } from "../git/object-store.ts";
import { pullRequestCommits, pullRequestRange } from "../git/pull-request-range.ts";
import type { Json } from "../json.ts";
import { htmlUrl } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import { commitNode } from "./git-object.ts";

interface Page {
  readonly first?: number;
  readonly last?: number;
}

/** `PullRequest`. */
export function pullRequestNode(site: Site, row: RepositoryRow, pull: PullRequestRow): Json {
  return {
    __typename: "PullRequest",
    id: pull.node_id,
    number: pull.number,
    url: `${htmlUrl(site, row)}/pull/${pull.number}`,
    title: pull.title,
    body: pull.body ?? "",
    state: stateOf(pull),
    isDraft: pull.draft,
    headRefName: pull.head_ref,
    headRefOid: pull.head_sha,
    baseRefName: pull.base_ref,
    baseRefOid: pull.base_sha,
    createdAt: pull.created_at,
    mergedAt: pull.merged_at,
    isCrossRepository: pull.head_repo_id !== pull.base_repo_id,
    author: () => authorNode(site, pull.user_id),
    autoMergeRequest: () => autoMergeNode(site, pull),
    mergeCommit: () => (pull.merge_commit_sha === null ? null : commitNode(site, row, pull.merge_commit_sha)),
    commits: (page: Page) => commitsConnection(site, row, pullRequestCommits(site, pull), page),
    files: (page: Page) => filesConnection(site, pull, page),
  };
}

/** The pull requests that brought a commit: `Commit.associatedPullRequests`. */
export function associatedPullRequests(site: Site, row: RepositoryRow, sha: string): (page: Page) => Json {
  return (page) => {
    const pulls = pullsBringing(site, row, sha);
    return {
      totalCount: pulls.length,
      nodes: () => shown(pulls, page).map((pull) => pullRequestNode(site, row, pull)),
    };
  };
}

/** Arguments of `Repository.pullRequests`. */
export interface PullRequestPage extends Page {
  readonly headRefName?: string;
  readonly states?: readonly string[];
  readonly after?: string | null;
  readonly orderBy?: { readonly direction: "ASC" | "DESC" };
}

/** `PullRequestConnection` of a repository; oldest first unless asked otherwise. */
export function pullRequestsConnection(site: Site, row: RepositoryRow, page: PullRequestPage): Json {
  const pulls = site.db.pullRequests
    .findBy("repo_id", row.id)
    .filter((pull) => page.headRefName === undefined || pull.head_ref === page.headRefName)
    .filter((pull) => page.states === undefined || page.states.includes(stateOf(pull)));
  const ordered = page.orderBy?.direction === "DESC" ? pulls.toReversed() : pulls;
  const start = page.after === undefined || page.after === null ? 0 : Number(page.after) + 1;
  const nodes = shown(ordered.slice(start), page);
  const end = start + nodes.length;
  return {
    totalCount: pulls.length,
    nodes: () => nodes.map((pull) => pullRequestNode(site, row, pull)),
    pageInfo: { hasNextPage: end < ordered.length, endCursor: nodes.length === 0 ? null : String(end - 1) },
  };
}

function commitsConnection(site: Site, row: RepositoryRow, commits: readonly CommitRow[], page: Page): Json {
  const nodes = () => shown(commits, page).map(({ sha }) => ({ commit: commitNode(site, row, sha) }));
  return { totalCount: commits.length, nodes };
}

const CHANGE_TYPE = { added: "ADDED", removed: "DELETED", modified: "MODIFIED", renamed: "RENAMED" } as const;

function filesConnection(site: Site, pull: PullRequestRow, page: Page): Json {
  const { baseTree, headTree } = pullRequestRange(site, pull);
  const changes = differences(new ObjectStore(site.db, pull.repo_id), baseTree, headTree);
  const nodes = shown(changes, page).map(({ path, status, additions, deletions }) => {
    return { path, changeType: CHANGE_TYPE[status], additions, deletions };
  });
  return { totalCount: changes.length, nodes };
}

function shown<T>(items: readonly T[], { first, last }: Page): readonly T[] {
  return last === undefined ? items.slice(0, first ?? 0) : items.slice(-last);
}

function stateOf({ merged, state }: PullRequestRow): "MERGED" | "OPEN" | "CLOSED" {
  if (merged) return "MERGED";
  return state === "open" ? "OPEN" : "CLOSED";
}

/** `AutoMergeRequest`, or null. */
function autoMergeNode(site: Site, { auto_merge }: PullRequestRow): Json | null {
  if (!auto_merge) return null;
  const { method, headline, body, enabled_at, enabled_by_id } = auto_merge;
  return {
    mergeMethod: method.toUpperCase(),
    commitHeadline: headline,
    commitBody: body,
    enabledAt: enabled_at,
    enabledBy: () => authorNode(site, enabled_by_id),
  };
}

function authorNode(site: Site, userId: number): Json {
  return { __typename: site.db.users.get(userId)?.type ?? "User", login: loginOf(site, userId) };
}

// GraphQL names a bot without the `[bot]` that REST puts behind it.
function loginOf(site: Site, userId: number): string {
  return (site.db.users.get(userId)?.login ?? "ghost").replace(/\[bot\]$/, "");
}
