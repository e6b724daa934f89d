import type { UserRow } from "./database.ts";
import { branchTip, writeRef } from "./git/branches.ts";
import { apiSignature, identityOf, mergeSignature } from "./git/identity.ts";
import { type FileEntry, ObjectStore } from "./git/object-store.ts";
import { insertPullRequest } from "./open-pull-request.ts";
import { closeIssueSide } from "./pull-request-tracking.ts";
import { ensureUser } from "./seed.ts";
import { repositoryNamed, type Site } from "./site.ts";

/** Path to text; null deletes. */
type Files = Readonly<Record<string, string | null>>;

/** A commit of the default branch that was there before the app came. */
export interface PastCommit {
  readonly files: Files;
  readonly message: string;
  /** ISO 8601. */
  readonly date: string;
  readonly author: string;
}

/** A pull request that was there before the app came. */
export interface PastPullRequest {
  readonly title: string;
  readonly body?: string;
  readonly branch: string;
  /** Message of its one commit. */
  readonly message: string;
  readonly files: Files;
  readonly author: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** How it was squashed onto the default branch; null when it was not merged. */
  readonly squash: { readonly message: string; readonly date: string; readonly files?: Files } | null;
  /** Of one that was not merged; default closed. */
  readonly isOpen?: boolean;
}

/** Commits to the default branch in the past. Nobody is told. Returns the sha. */
export function importCommit(site: Site, fullName: string, commit: PastCommit): string {
  const repository = repositoryNamed(site, fullName);
  const user = ensureUser(site, commit.author);
  const objects = new ObjectStore(site.db, repository.id);
  const tip = branchTip(site, repository, repository.default_branch);
  const { sha } = objects.writeCommit({
    message: commit.message,
    tree: objects.changeTree(treeOf(objects, tip), entriesOf(objects, commit.files)),
    parents: tip === null ? [] : [tip],
    userId: user.id,
    date: commit.date,
    ...mergeSignature(identityOf(user)),
  });
  writeRef(site, repository, `refs/heads/${repository.default_branch}`, sha);
  return sha;
}

/** Opens, and perhaps squashes, a pull request in the past; its branch is deleted with its merge. Returns the number. */
export function importPullRequest(site: Site, fullName: string, pull: PastPullRequest): number {
  const repository = repositoryNamed(site, fullName);
  const user = ensureUser(site, pull.author);
  const base = branchTip(site, repository, repository.default_branch) ?? "";
  const head = writeBranchCommit(site, fullName, pull, base, user);
  const row = insertPullRequest(site, repository, user, {
    title: pull.title,
    body: pull.body ?? null,
    head: pull.branch,
    headSha: head,
    base: repository.default_branch,
    baseSha: base,
  });
  const { squash } = pull;
  const merged =
    squash === null
      ? { state: pull.isOpen ? ("open" as const) : ("closed" as const) }
      : {
          state: "closed" as const,
          merged: true,
          merged_at: squash.date,
          closed_at: squash.date,
          merged_by_id: user.id,
          merge_commit_sha: importCommit(site, fullName, {
            ...squash,
            files: squash.files ?? pull.files,
            author: pull.author,
          }),
        };
  const stored = site.db.pullRequests.update(row.id, { ...merged, created_at: pull.createdAt });
  if (stored && stored.state === "closed") closeIssueSide(site, stored, user);
  if (stored?.state === "open") writeRef(site, repository, `refs/heads/${pull.branch}`, head);
  return row.number;
}

function writeBranchCommit(site: Site, fullName: string, pull: PastPullRequest, base: string, user: UserRow): string {
  const objects = new ObjectStore(site.db, repositoryNamed(site, fullName).id);
  return objects.writeCommit({
    message: pull.message,
    tree: objects.changeTree(treeOf(objects, base), entriesOf(objects, pull.files)),
    parents: [base],
    userId: user.id,
    date: pull.createdAt,
    ...apiSignature(site, user),
  }).sha;
}

function treeOf(objects: ObjectStore, sha: string | null): string | null {
  return sha === null ? null : (objects.commit(sha)?.tree_sha ?? null);
}

function entriesOf(objects: ObjectStore, files: Files): Map<string, FileEntry | null> {
  const entries = Object.entries(files).map(([path, text]): [string, FileEntry | null] => [
    path,
    text === null ? null : objects.writeBlob(Buffer.from(text)),
  ]);
  return new Map(entries);
}
