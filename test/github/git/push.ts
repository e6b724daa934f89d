import type { ActivityType } from "../activity-log.ts";
import type { CommitRow, RepositoryRow, UserRow } from "../database.ts";
import { report } from "../events.ts";
import type { Json } from "../json.ts";
import { afterDeletion, afterPush } from "../pull-request-tracking.ts";
import { userJson } from "../shape/account.ts";
import { accountOf } from "../shape/commit.ts";
import { htmlUrl } from "../shape/repository.ts";
import { type Site, timestamp } from "../site.ts";
import { NO_COMMIT, readRef, writeRef } from "./branches.ts";
import { differences } from "./difference.ts";
import { history, isAncestor } from "./history.ts";
import { ObjectStore } from "./object-store.ts";

/** GitHub lists at most this many commits in a push payload (webhook documentation, `push`). */
const MOST_COMMITS = 2048;

/**
 * Moves, creates or deletes (`to` null) a ref and tells everyone who is told on GitHub: the `push` event, `create` or
 * `delete`, and the pull requests whose head it is.
 */
export function push(
  site: Site,
  repository: RepositoryRow,
  ref: string,
  to: string | null,
  pusher: UserRow,
  how: "push" | "pr_merge" = "push",
): void {
  const before = readRef(site, repository, ref);
  if (before === to) return;
  writeRef(site, repository, ref, to);
  site.db.repos.update(repository.id, { pushed_at: timestamp() });
  const [name, type] = [ref.replace(/^refs\/(heads|tags)\//, ""), ref.startsWith("refs/tags/") ? "tag" : "branch"];
  const move = { ref, before, after: to };
  if (type === "branch") note(site, repository, move, pusher, how);
  const described = { ref: name, ref_type: type, pusher_type: "user" };
  if (before === null) {
    const created = { ...described, master_branch: repository.default_branch, description: repository.description };
    report(site, "create", repository, pusher, created);
  }
  if (to === null) report(site, "delete", repository, pusher, described);
  report(site, "push", repository, pusher, pushPayload(site, repository, move, pusher));
  if (type === "tag") return;
  if (to === null) afterDeletion(site, repository, name, pusher);
  else if (before !== null) afterPush(site, repository, { branch: name, before, after: to }, pusher);
}

interface RefMove {
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
}

function note(site: Site, { id }: RepositoryRow, move: RefMove, pusher: UserRow, how: "push" | "pr_merge"): void {
  const { ref, before, after } = move;
  site.activity.add({
    repositoryId: id,
    ref,
    before: before ?? NO_COMMIT,
    after: after ?? NO_COMMIT,
    type: isForced(new ObjectStore(site.db, id), move) ? "force_push" : typeOf(move, how),
    actor: userJson(site, pusher),
    timestamp: timestamp(site.clock),
  });
}

function typeOf({ before, after }: RefMove, how: "push" | "pr_merge"): ActivityType {
  if (before === null) return "branch_creation";
  return after === null ? "branch_deletion" : how;
}

function isForced(objects: ObjectStore, { before, after }: RefMove): boolean {
  return before !== null && after !== null && !isAncestor(objects, before, after);
}

function pushPayload(site: Site, repository: RepositoryRow, move: RefMove, pusher: UserRow): Json {
  const objects = new ObjectStore(site.db, repository.id);
  const { ref, before, after } = move;
  const commits = after === null ? [] : newCommits(site, repository, objects, move.before, after);
  const listed = commits.map((commit) => pushedCommitJson(site, repository, objects, commit));
  const head = after === null ? undefined : objects.commit(after);
  return {
    ref,
    before: before ?? NO_COMMIT,
    after: after ?? NO_COMMIT,
    base_ref: null,
    created: before === null,
    deleted: after === null,
    forced: isForced(objects, move),
    compare: `${htmlUrl(site, repository)}/compare/${before?.slice(0, 12)}...${after?.slice(0, 12)}`,
    commits: listed.slice(-MOST_COMMITS),
    head_commit: head ? pushedCommitJson(site, repository, objects, head) : null,
    pusher: { name: pusher.login, email: pusher.email },
  };
}

/** Oldest first. A new branch brings only what the default branch does not have. */
function newCommits(
  site: Site,
  repository: RepositoryRow,
  objects: ObjectStore,
  before: string | null,
  after: string,
): CommitRow[] {
  const known = before ?? readRef(site, repository, `refs/heads/${repository.default_branch}`);
  return known && known !== after ? history(objects, after, [known]).reverse() : [];
}

function pushedCommitJson(site: Site, repository: RepositoryRow, objects: ObjectStore, commit: CommitRow): Json {
  const parent = commit.parent_shas[0];
  const parentTree = parent ? (objects.commit(parent)?.tree_sha ?? null) : null;
  const changes = differences(objects, parentTree, commit.tree_sha);
  const paths = (status: string) => changes.filter((change) => change.status === status).map((change) => change.path);
  const renames = changes.filter((change) => change.status === "renamed");
  return {
    id: commit.sha,
    tree_id: commit.tree_sha,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer_date,
    url: `${htmlUrl(site, repository)}/commit/${commit.sha}`,
    author: personJson(site, commit.author_name, commit.author_email),
    committer: personJson(site, commit.committer_name, commit.committer_email),
    added: [...paths("added"), ...renames.map((change) => change.path)],
    removed: [...paths("removed"), ...renames.flatMap((change) => change.previousPath ?? [])],
    modified: paths("modified"),
  };
}

function personJson(site: Site, name: string, email: string): Json {
  const account = accountOf(site, email);
  return { name, email, ...(account ? { username: account.login } : {}) };
}
