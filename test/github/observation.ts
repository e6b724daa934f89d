import { latest } from "./api/check-runs.ts";
import type { CommentRow } from "./database.ts";
import { branchTip, resolveCommit } from "./git/branches.ts";
import { differences } from "./git/difference.ts";
import { history, touches } from "./git/history.ts";
import { ObjectStore } from "./git/object-store.ts";
import { accountOf } from "./shape/commit.ts";
import { repositoryNamed, type Site } from "./site.ts";

/** What a test sees of a commit. */
export interface ObservedCommit {
  readonly sha: string;
  readonly message: string;
  /** Login, or the name in the commit when no account has its address. */
  readonly author: string;
  readonly verified: boolean;
  /** `Key: value` lines of the last paragraph of the message; the last of a repeated key. */
  readonly trailers: Readonly<Record<string, string>>;
  readonly parents: readonly string[];
  /** Paths that differ from the first parent. */
  readonly files: readonly string[];
}

export interface ObservedIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly stateReason: string | null;
  readonly author: string;
  readonly labels: readonly string[];
  readonly isPinned: boolean;
}

export interface ObservedPull extends Omit<ObservedIssue, "stateReason" | "isPinned"> {
  readonly head: string;
  readonly headSha: string;
  readonly base: string;
  readonly merged: boolean;
  readonly mergeCommitSha: string | null;
  /** How it is to be merged by itself; null when nobody asked for that. */
  readonly autoMerge: string | null;
  /** Who is asked for a review. */
  readonly reviewers: readonly string[];
}

export interface ObservedCheck {
  readonly id: number;
  readonly name: string;
  /** Written by the app, and not by GitHub Actions. */
  readonly isOurs: boolean;
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
}

export interface ObservedComment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ObservedReaction {
  readonly content: string;
  readonly user: string;
}

/** The text of a file; null when it is not there (or is a directory). */
export function fileAt(site: Site, fullName: string, path: string, ref?: string): string | null {
  const repository = repositoryNamed(site, fullName);
  const objects = new ObjectStore(site.db, repository.id);
  const commit = resolveCommit(site, repository, ref);
  const entry = commit && objects.entryAt(commit.tree_sha, path);
  return entry?.type === "blob" ? (objects.bytes(entry.sha)?.toString("utf8") ?? null) : null;
}

/** Mode and sha of every file, by path. */
export function entriesAt(site: Site, fullName: string, ref?: string): Record<string, string> {
  const repository = repositoryNamed(site, fullName);
  const objects = new ObjectStore(site.db, repository.id);
  const commit = resolveCommit(site, repository, ref);
  const files = commit ? [...objects.files(commit.tree_sha)] : [];
  return Object.fromEntries(files.map(([path, { mode, sha }]) => [path, `${mode} ${sha}`]));
}

/** Newest first; with a path only the commits that changed it. */
export function commits(site: Site, fullName: string, options: { path?: string; ref?: string }): ObservedCommit[] {
  const repository = repositoryNamed(site, fullName);
  const objects = new ObjectStore(site.db, repository.id);
  const head = resolveCommit(site, repository, options.ref);
  const { path } = options;
  const shown = (head ? history(objects, head.sha) : []).filter((row) => !path || touches(objects, row, path));
  return shown.map((commit) => {
    const parent = objects.commit(commit.parent_shas[0] ?? "");
    return {
      sha: commit.sha,
      message: commit.message,
      author: accountOf(site, commit.author_email)?.login ?? commit.author_name,
      verified: commit.verified === true,
      trailers: trailersOf(commit.message),
      parents: commit.parent_shas,
      files: differences(objects, parent?.tree_sha ?? null, commit.tree_sha).map((change) => change.path),
    };
  });
}

export function branches(site: Site, fullName: string): Record<string, string> {
  const repository = repositoryNamed(site, fullName);
  const names = site.db.branches.findBy("repo_id", repository.id).map((branch) => branch.name);
  return Object.fromEntries(names.map((name) => [name, branchTip(site, repository, name) ?? ""]));
}

/** Issues without the pull requests, oldest first. */
export function issues(site: Site, fullName: string): ObservedIssue[] {
  const rows = site.db.issues.findBy("repo_id", repositoryNamed(site, fullName).id);
  return rows
    .filter((row) => !row.is_pull_request)
    .map((row) => ({
      number: row.number,
      title: row.title,
      body: row.body ?? "",
      state: row.state,
      stateReason: row.state_reason,
      author: loginOf(site, row.user_id),
      labels: row.label_ids.flatMap((id) => site.db.labels.get(id)?.name ?? []),
      isPinned: row.pinned?.is_pinned ?? false,
    }));
}

/** Oldest first. */
export function pulls(site: Site, fullName: string): ObservedPull[] {
  const { id } = repositoryNamed(site, fullName);
  const issueSides = new Map(site.db.issues.findBy("repo_id", id).map((issue) => [issue.number, issue]));
  return site.db.pullRequests.findBy("repo_id", id).map((row) => ({
    number: row.number,
    title: row.title,
    body: row.body ?? "",
    state: row.state,
    author: loginOf(site, row.user_id),
    labels: (issueSides.get(row.number)?.label_ids ?? []).flatMap((label) => site.db.labels.get(label)?.name ?? []),
    head: row.head_ref,
    headSha: row.head_sha,
    base: row.base_ref,
    merged: row.merged,
    mergeCommitSha: row.merge_commit_sha,
    autoMerge: row.auto_merge?.method ?? null,
    reviewers: row.requested_reviewer_ids.map((id) => loginOf(site, id)),
  }));
}

/** The newest check run of each name and app at a commit. */
export function checks(site: Site, fullName: string, sha: string): ObservedCheck[] {
  const { id } = repositoryNamed(site, fullName);
  return latest(site.db.checkRuns.findBy("head_sha", sha).filter(({ repo_id }) => repo_id === id)).map((row) => ({
    id: row.id,
    name: row.name,
    isOurs: row.app_id === site.app.appId,
    conclusion: row.conclusion,
    title: row.output.title ?? "",
    summary: row.output.summary ?? "",
  }));
}

/** Comments of an issue or a pull request, oldest first. */
export function comments(site: Site, fullName: string, number: number): ObservedComment[] {
  return observed(site, fullName, (row) => row.comment_type === "issue" && row.issue_number === number);
}

/** Comments below a commit, oldest first. */
export function commitComments(site: Site, fullName: string, sha: string): ObservedComment[] {
  return observed(site, fullName, (row) => row.comment_type === "commit" && row.commit_sha === sha);
}

function observed(site: Site, fullName: string, isMeant: (row: CommentRow) => boolean): ObservedComment[] {
  return site.db.comments
    .findBy("repo_id", repositoryNamed(site, fullName).id)
    .filter(isMeant)
    .map((row) => ({
      id: row.id,
      author: loginOf(site, row.user_id),
      body: row.body,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }));
}

/** Reactions on a comment, oldest first. */
export function reactions(site: Site, commentId: number): ObservedReaction[] {
  return site.reactions
    .of(`comment ${commentId}`)
    .map(({ content, userId }) => ({ content, user: loginOf(site, userId) }));
}

function loginOf(site: Site, userId: number): string {
  return site.db.users.get(userId)?.login ?? "ghost";
}

function trailersOf(message: string): Record<string, string> {
  const lastParagraph =
    message
      .trimEnd()
      .split(/\n{2,}/)
      .at(-1) ?? "";
  const lines = lastParagraph.split("\n").map((line) => /^(?<key>[A-Za-z][\w-]*): (?<value>.*)$/.exec(line)?.groups);
  return Object.fromEntries(lines.flatMap((groups) => (groups ? [[groups.key, groups.value]] : [])));
}
