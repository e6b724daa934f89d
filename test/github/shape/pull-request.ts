import type { PullRequestRow, RepositoryRow } from "../database.ts";
import { differences } from "../git/difference.ts";
import { ObjectStore } from "../git/object-store.ts";
import { pullRequestCommits, pullRequestRange } from "../git/pull-request-range.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { ownerJson, userJsonById } from "./account.ts";
import { labelsJson } from "./issue.ts";
import { apiUrl, htmlUrl, ownerLogin, repositoryJson } from "./repository.ts";

/** Whether GitHub could merge it, and why not (`mergeable_state`). */
export interface Mergeability {
  readonly mergeable: boolean | null;
  readonly state: "clean" | "dirty" | "blocked" | "draft" | "unknown";
}

/** A pull request as lists carry it: OpenAPI `pull-request-simple`. */
export function pullRequestJson(site: Site, pull: PullRequestRow): Json {
  const repository = site.db.repos.get(pull.repo_id);
  if (!repository) throw new Error(`Pull request ${pull.number} belongs to no repository.`);
  const issue = site.db.issues
    .findBy("repo_id", pull.repo_id)
    .find((row) => row.number === pull.number && row.is_pull_request);
  const api = `${apiUrl(site, repository)}/pulls/${pull.number}`;
  const html = `${htmlUrl(site, repository)}/pull/${pull.number}`;
  const issueUrl = `${apiUrl(site, repository)}/issues/${pull.number}`;
  const statusesUrl = `${apiUrl(site, repository)}/statuses/${pull.head_sha}`;
  return {
    url: api,
    id: pull.id,
    node_id: pull.node_id,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${apiUrl(site, repository)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statusesUrl,
    number: pull.number,
    state: pull.state,
    locked: issue?.locked ?? false,
    title: pull.title,
    user: userJsonById(site, pull.user_id),
    body: pull.body,
    labels: labelsJson(site, issue?.label_ids ?? []),
    milestone: null,
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    closed_at: pull.closed_at,
    merged_at: pull.merged_at,
    merge_commit_sha: pull.merge_commit_sha,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.requested_reviewer_ids.map((id) => userJsonById(site, id)),
    requested_teams: [],
    head: sideJson(site, repository, pull.head_ref, pull.head_sha),
    base: sideJson(site, repository, pull.base_ref, pull.base_sha),
    _links: {
      self: { href: api },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${api}/comments` },
      review_comment: { href: `${apiUrl(site, repository)}/pulls/comments{/number}` },
      commits: { href: `${api}/commits` },
      statuses: { href: statusesUrl },
    },
    author_association: "NONE",
    auto_merge: autoMergeJson(site, pull),
    draft: pull.draft,
  };
}

function autoMergeJson(site: Site, { auto_merge }: PullRequestRow): Json | null {
  if (!auto_merge) return null;
  const { method, headline, body, enabled_by_id } = auto_merge;
  const enabled_by = userJsonById(site, enabled_by_id);
  return { enabled_by, merge_method: method, commit_title: headline, commit_message: body };
}

/** A pull request on its own, as `GET pulls/{number}` and the `pull_request` event carry it. */
export function fullPullRequestJson(site: Site, pull: PullRequestRow, { mergeable, state }: Mergeability): Json {
  const objects = new ObjectStore(site.db, pull.repo_id);
  const range = pullRequestRange(site, pull);
  const changes = differences(objects, range.baseTree, range.headTree);
  const issue = site.db.issues.findBy("repo_id", pull.repo_id).find((row) => row.number === pull.number);
  return {
    ...pullRequestJson(site, pull),
    merged: pull.merged,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: state,
    merged_by: userJsonById(site, pull.merged_by_id),
    comments: issue?.comments ?? 0,
    review_comments: pull.review_comments,
    maintainer_can_modify: false,
    commits: pullRequestCommits(site, pull).length,
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
    changed_files: changes.length,
  };
}

function sideJson(site: Site, repository: RepositoryRow, ref: string, sha: string): Json {
  return {
    label: `${ownerLogin(repository)}:${ref}`,
    ref,
    sha,
    user: ownerJson(site, repository),
    repo: repositoryJson(site, repository),
  };
}
