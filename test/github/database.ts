/** The rows of emulate's store, narrowed to the fields that the local GitHub reads or writes. */
interface Row {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** `findBy` on an indexed field is a lookup, on any other a scan of the whole collection. */
interface Collection<T extends Row> {
  get(id: number): T | undefined;
  all(): T[];
  findBy(field: keyof T & string, value: string | number): T[];
  findOneBy(field: keyof T & string, value: string | number): T | undefined;
  insert(row: Omit<T, keyof Row> & { id?: number }): T;
  update(id: number, change: Partial<T>): T | undefined;
  delete(id: number): boolean;
}

export interface UserRow extends Row {
  readonly login: string;
  readonly node_id: string;
  readonly avatar_url: string;
  readonly gravatar_id: string;
  readonly type: "User" | "Bot";
  readonly site_admin: boolean;
  readonly name: string | null;
  readonly email: string | null;
}

interface OrganizationRow extends Row {
  readonly login: string;
  readonly node_id: string;
  readonly default_repository_permission: string;
}

interface TeamRow extends Row {
  readonly org_id: number;
  readonly node_id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly privacy: string;
  readonly permission: string;
  readonly members_count: number;
  readonly repos_count: number;
}

interface TeamMemberRow extends Row {
  readonly team_id: number;
  readonly user_id: number;
  readonly role: "member" | "maintainer";
}

interface TeamRepositoryRow extends Row {
  readonly team_id: number;
  readonly repo_id: number;
}

export interface RepositoryRow extends Row {
  readonly name: string;
  readonly full_name: string;
  readonly node_id: string;
  readonly owner_id: number;
  readonly owner_type: "User" | "Organization";
  readonly private: boolean;
  readonly archived: boolean;
  readonly description: string | null;
  readonly default_branch: string;
  readonly pushed_at: string | null;
  readonly open_issues_count: number;
  /** Of the issues and pull requests that there were; absent before the first. */
  readonly last_number?: number;
  readonly allow_merge_commit: boolean;
  readonly allow_squash_merge: boolean;
  readonly allow_rebase_merge: boolean;
  readonly allow_auto_merge: boolean;
  readonly delete_branch_on_merge: boolean;
  readonly squash_merge_commit_message?: SquashMessage;
}

/** Repository setting: what the body of a squash commit is when the merger gives none. */
export type SquashMessage = "PR_BODY" | "COMMIT_MESSAGES" | "BLANK";

interface CollaboratorRow extends Row {
  readonly repo_id: number;
  readonly user_id: number;
  readonly permission: string;
}

export interface LabelRow extends Row {
  readonly repo_id: number;
  readonly node_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly color: string;
  readonly default: boolean;
}

/** An issue, or the issue side of a pull request (they share number, comments and labels). */
export interface IssueRow extends Row {
  readonly node_id: string;
  readonly number: number;
  readonly repo_id: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly state_reason: string | null;
  readonly locked: boolean;
  readonly active_lock_reason: string | null;
  readonly user_id: number;
  readonly assignee_ids: readonly number[];
  readonly label_ids: readonly number[];
  readonly milestone_id: null;
  readonly comments: number;
  readonly closed_at: string | null;
  readonly closed_by_id: number | null;
  readonly is_pull_request: boolean;
  /** Absent: it was never pinned. */
  readonly pinned?: { readonly is_pinned: boolean };
}

export interface PullRequestRow extends Row {
  readonly node_id: string;
  readonly number: number;
  readonly repo_id: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly user_id: number;
  readonly head_ref: string;
  readonly head_sha: string;
  readonly head_repo_id: number;
  readonly base_ref: string;
  /** The base branch when the pull request was opened; once merged, what it was merged onto. */
  readonly base_sha: string;
  readonly base_repo_id: number;
  readonly draft: boolean;
  readonly merged: boolean;
  readonly merged_at: string | null;
  readonly merged_by_id: number | null;
  readonly merge_commit_sha: string | null;
  readonly closed_at: string | null;
  readonly label_ids: readonly number[];
  readonly assignee_ids: readonly number[];
  readonly requested_reviewer_ids: readonly number[];
  readonly requested_team_ids: readonly number[];
  readonly review_comments: number;
  /** Absent or null: nobody asked for it. */
  readonly auto_merge?: AutoMerge | null;
}

/** That a pull request is to be merged once everything that is required is there. */
export interface AutoMerge {
  readonly method: "merge" | "squash" | "rebase";
  readonly headline: string | null;
  readonly body: string | null;
  readonly enabled_by_id: number;
  readonly enabled_at: string;
}

export interface CommentRow extends Row {
  readonly node_id: string;
  readonly repo_id: number;
  readonly issue_number: number | null;
  readonly commit_sha?: string | null;
  readonly body: string;
  readonly user_id: number;
  readonly comment_type: "issue" | "review" | "commit";
}

interface ReviewRow extends Row {
  readonly repo_id: number;
  readonly pull_number: number;
  readonly user_id: number;
  readonly state: string;
}

interface BranchRow extends Row {
  readonly repo_id: number;
  readonly name: string;
  readonly sha: string;
  readonly protected: boolean;
}

interface RefRow extends Row {
  readonly repo_id: number;
  readonly ref: string;
  readonly sha: string;
  readonly node_id: string;
}

export interface CommitRow extends Row {
  readonly repo_id: number;
  readonly node_id: string;
  readonly sha: string;
  readonly message: string;
  readonly author_name: string;
  readonly author_email: string;
  readonly author_date: string;
  readonly committer_name: string;
  readonly committer_email: string;
  readonly committer_date: string;
  readonly tree_sha: string;
  readonly parent_shas: readonly string[];
  readonly user_id: number | null;
  /** Signed by GitHub. Absent on commits that emulate's own routes make: those are not. */
  readonly verified?: boolean;
}

export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly size?: number;
}

export interface TreeRow extends Row {
  readonly repo_id: number;
  readonly node_id: string;
  readonly sha: string;
  readonly tree: readonly TreeEntry[];
  readonly truncated: boolean;
}

export interface BlobRow extends Row {
  readonly repo_id: number;
  readonly node_id: string;
  readonly sha: string;
  readonly content: string;
  readonly encoding: "utf-8" | "base64";
  readonly size: number;
}

export interface WorkflowRow extends Row {
  readonly node_id: string;
  readonly repo_id: number;
  readonly name: string;
  readonly path: string;
  readonly state: "active" | "disabled_manually";
  readonly badge_url: string;
}

export interface RunRow extends Row {
  readonly node_id: string;
  readonly repo_id: number;
  readonly workflow_id: number;
  readonly name: string;
  readonly head_branch: string;
  readonly head_sha: string;
  readonly run_number: number;
  readonly run_attempt: number;
  readonly event: string;
  readonly status: "requested" | "queued" | "pending" | "waiting" | "in_progress" | "completed";
  readonly conclusion: string | null;
  readonly actor_id: number;
  readonly run_started_at: string;
  /** The row's own `updated_at` is the time of writing; a test may say that a run ended at another time. */
  readonly changed_at: string;
  /** Attempts before the current one, oldest first. */
  readonly earlier_attempts: readonly RunAttempt[];
}

interface RunAttempt {
  readonly run_attempt: number;
  readonly status: "completed";
  readonly conclusion: string | null;
  readonly run_started_at: string;
  readonly changed_at: string;
}

export interface JobRow extends Row {
  readonly node_id: string;
  readonly repo_id: number;
  readonly run_id: number;
  readonly run_attempt: number;
  readonly name: string;
  readonly labels: readonly string[];
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: string | null;
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly runner_id: number | null;
  readonly runner_name: string | null;
  readonly runner_group_id: number | null;
  readonly runner_group_name: string | null;
  readonly steps: readonly unknown[];
}

export interface CheckRunRow extends Row {
  readonly node_id: string;
  readonly repo_id: number;
  readonly head_sha: string;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly external_id: string;
  readonly details_url: string | null;
  readonly output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null };
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly app_id: number;
}

interface AppRow extends Row {
  readonly app_id: number;
  readonly slug: string;
  readonly name: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

interface InstallationRow extends Row {
  readonly installation_id: number;
  readonly app_id: number;
  readonly account_type: "User" | "Organization";
  readonly account_id: number;
  readonly account_login: string;
  readonly repository_selection: "all" | "selected";
  readonly repository_ids: readonly number[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  readonly suspended_at: string | null;
}

export interface Database {
  readonly users: Collection<UserRow>;
  readonly orgs: Collection<OrganizationRow>;
  readonly teams: Collection<TeamRow>;
  readonly teamMembers: Collection<TeamMemberRow>;
  readonly teamRepos: Collection<TeamRepositoryRow>;
  readonly repos: Collection<RepositoryRow>;
  readonly collaborators: Collection<CollaboratorRow>;
  readonly labels: Collection<LabelRow>;
  readonly issues: Collection<IssueRow>;
  readonly pullRequests: Collection<PullRequestRow>;
  readonly comments: Collection<CommentRow>;
  readonly reviews: Collection<ReviewRow>;
  readonly branches: Collection<BranchRow>;
  readonly refs: Collection<RefRow>;
  readonly commits: Collection<CommitRow>;
  readonly trees: Collection<TreeRow>;
  readonly blobs: Collection<BlobRow>;
  readonly workflows: Collection<WorkflowRow>;
  readonly workflowRuns: Collection<RunRow>;
  readonly jobs: Collection<JobRow>;
  readonly checkRuns: Collection<CheckRunRow>;
  readonly apps: Collection<AppRow>;
  readonly appInstallations: Collection<InstallationRow>;
}

/** GitHub's opaque identifier of a thing, as emulate forms it. */
export function nodeId(kind: string, id: number): string {
  return Buffer.from(`0:${kind}${id}`).toString("base64url");
}
