import type { PullRequestRow, RepositoryRow, UserRow } from "./database.ts";
import { nextNumber } from "./issue-numbers.ts";
import type { Site } from "./site.ts";

/** A pull request that is about to be. */
export interface PullRequestDraft {
  readonly title: string;
  readonly body: string | null;
  readonly head: string;
  readonly headSha: string;
  readonly base: string;
  readonly baseSha: string;
  readonly draft?: boolean;
}

/** Stores a pull request and its issue side; tells nobody. */
export function insertPullRequest(
  site: Site,
  repository: RepositoryRow,
  user: UserRow,
  pull: PullRequestDraft,
): PullRequestRow {
  const number = nextNumber(site, repository);
  const shared = {
    number,
    repo_id: repository.id,
    title: pull.title,
    body: pull.body,
    state: "open" as const,
    locked: false,
    user_id: user.id,
    assignee_ids: [],
    label_ids: [],
    closed_at: null,
  };
  site.db.issues.insert({
    ...shared,
    node_id: `PR_${repository.id}_${number}`,
    state_reason: null,
    active_lock_reason: null,
    milestone_id: null,
    comments: 0,
    closed_by_id: null,
    is_pull_request: true,
  });
  return site.db.pullRequests.insert({
    ...shared,
    node_id: `PR_${repository.id}_${number}`,
    head_ref: pull.head,
    head_sha: pull.headSha,
    head_repo_id: repository.id,
    base_ref: pull.base,
    base_sha: pull.baseSha,
    base_repo_id: repository.id,
    draft: pull.draft === true,
    merged: false,
    merged_at: null,
    merged_by_id: null,
    merge_commit_sha: null,
    requested_reviewer_ids: [],
    requested_team_ids: [],
    review_comments: 0,
  });
}
