import type { CommitRow, RepositoryRow, TreeEntry } from "../database.ts";
import { branchTip, resolveCommit } from "../git/branches.ts";
import { history, touches } from "../git/history.ts";
import { ObjectStore } from "../git/object-store.ts";
import type { Json } from "../json.ts";
import { accountOf } from "../shape/commit.ts";
import { htmlUrl } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import { type CheckSuitePage, checkSuitesConnection } from "./check-suite.ts";
import { associatedPullRequests } from "./pull-request.ts";
import type { QueryContext } from "./query-context.ts";

/** GitHub cuts the text of a blob here and says `isTruncated`. */
const MOST_TEXT_BYTES = 512_000;

/** `Commit`, or null. */
export function commitNode(site: Site, row: RepositoryRow, sha: string): Json | null {
  const commit = new ObjectStore(site.db, row.id).commit(sha);
  if (!commit) return null;
  const [messageHeadline = "", ...rest] = commit.message.split("\n");
  return {
    __typename: "Commit",
    id: commit.node_id,
    oid: commit.sha,
    url: `${htmlUrl(site, row)}/commit/${commit.sha}`,
    message: commit.message,
    messageHeadline,
    messageBody: rest.join("\n").trim(),
    committedDate: commit.committer_date,
    authoredDate: commit.author_date,
    author: actorNode(site, { name: commit.author_name, email: commit.author_email, date: commit.author_date }),
    committer: actorNode(site, {
      name: commit.committer_name,
      email: commit.committer_email,
      date: commit.committer_date,
    }),
    history: (page: HistoryPage) => historyConnection(site, row, commit, page),
    file: ({ path }: { path: string }) => fileNode(site, row, commit, path),
    parents: ({ first = 0 }: { first?: number }) => ({
      totalCount: commit.parent_shas.length,
      nodes: () => commit.parent_shas.slice(0, first).map((parent) => commitNode(site, row, parent)),
    }),
    changedFilesIfAvailable: () => changedFiles(site, row, commit),
    associatedPullRequests: associatedPullRequests(site, row, commit.sha),
    checkSuites: (page: CheckSuitePage, context: QueryContext) =>
      checkSuitesConnection(site, row, commit.sha, page, context),
    tree: () => entryNode(site, row, { path: "", mode: "040000", type: "tree", sha: commit.tree_sha }),
  };
}

/** Arguments of `Commit.history`. */
interface HistoryPage {
  readonly first?: number;
  readonly after?: string | null;
  readonly path?: string;
  readonly since?: string;
  readonly until?: string;
}

/** `TreeEntry` at a path, or null. */
function fileNode(site: Site, row: RepositoryRow, commit: CommitRow, path: string): Json | null {
  const entry = new ObjectStore(site.db, row.id).entryAt(commit.tree_sha, path);
  if (!entry) return null;
  const { sha: oid, type, mode } = entry;
  return {
    oid,
    type,
    mode: Number.parseInt(mode, 8),
    path,
    name: path.split("/").at(-1),
    object: () => entryNode(site, row, entry),
  };
}

/** Against the first parent. */
function changedFiles(site: Site, row: RepositoryRow, commit: CommitRow): number {
  const objects = new ObjectStore(site.db, row.id);
  const parent = objects.commit(commit.parent_shas[0] ?? "");
  const { before, after } = objects.differingFiles(parent?.tree_sha ?? null, commit.tree_sha);
  return new Set([...before.keys(), ...after.keys()]).size;
}

/** `CommitHistoryConnection`: the commit itself and what it descends from, newest first. */
function historyConnection(site: Site, row: RepositoryRow, from: CommitRow, page: HistoryPage): Json {
  const objects = new ObjectStore(site.db, row.id);
  const { first = 0, after, path } = page;
  const commits = history(objects, from.sha).filter(
    (commit) => isWithin(commit, page) && (!path || touches(objects, commit, path)),
  );
  // GitHub's cursors of a history look like this: where it began, and how far one has come.
  const start = after == null ? 0 : Number(after.split(" ")[1]) + 1;
  const shown = commits.slice(start, start + first);
  const last = start + shown.length - 1;
  return {
    totalCount: commits.length,
    nodes: () => shown.map((commit) => commitNode(site, row, commit.sha)),
    pageInfo: { hasNextPage: last + 1 < commits.length, endCursor: shown.length > 0 ? `${from.sha} ${last}` : null },
  };
}

/** Git dates have whole seconds. */
function isWithin({ committer_date }: CommitRow, { since, until }: HistoryPage): boolean {
  const second = (date: string) => Math.floor(Date.parse(date) / 1000);
  const date = second(committer_date);
  return (since === undefined || date >= second(since)) && (until === undefined || date <= second(until));
}

/** `GitActor`. */
function actorNode(site: Site, actor: { readonly name: string; readonly email: string; readonly date: string }): Json {
  const account = accountOf(site, actor.email);
  return { ...actor, user: account ? { login: account.login, databaseId: account.id, name: account.name } : null };
}

/** A Git revision: `HEAD`, a branch, a sha, perhaps the first parent of one (`^`), each alone (a commit) or with `:path` (a blob or a tree). */
export function objectNode(site: Site, row: RepositoryRow, expression: string): Json | null {
  const [revision = "", ...path] = expression.split(":");
  const [name = "", parent] = revision.split(/(\^)$/);
  const named = resolveCommit(site, row, branchTip(site, row, name) ?? name);
  const [first] = named?.parent_shas ?? [];
  const commit = parent === undefined ? named : first === undefined ? null : resolveCommit(site, row, first);
  if (!commit) return null;
  if (path.length === 0) return commitNode(site, row, commit.sha);
  const entry = new ObjectStore(site.db, row.id).entryAt(commit.tree_sha, path.join(":"));
  return entry && entryNode(site, row, entry);
}

/** A commit, tree or blob by its own id; null when there is none. */
export function objectById(site: Site, row: RepositoryRow, oid: string): Json | null {
  const objects = new ObjectStore(site.db, row.id);
  if (objects.tree(oid)) return entryNode(site, row, { path: "", mode: "040000", type: "tree", sha: oid });
  if (objects.blob(oid)) return entryNode(site, row, { path: "", mode: "100644", type: "blob", sha: oid });
  return commitNode(site, row, oid);
}

function entryNode(site: Site, row: RepositoryRow, entry: TreeEntry): Json | null {
  const objects = new ObjectStore(site.db, row.id);
  if (entry.type === "tree") {
    const children = objects.tree(entry.sha)?.tree ?? [];
    const entries = children.map((child) => ({
      name: child.path,
      path: child.path,
      oid: child.sha,
      type: child.type,
      mode: Number.parseInt(child.mode, 8),
      object: () => entryNode(site, row, child),
    }));
    return { __typename: "Tree", id: `T_${entry.sha}`, oid: entry.sha, entries };
  }
  const bytes = objects.bytes(entry.sha);
  if (!bytes) return null;
  const isBinary = bytes.includes(0);
  return {
    __typename: "Blob",
    id: `B_${entry.sha}`,
    oid: entry.sha,
    abbreviatedOid: entry.sha.slice(0, 7),
    byteSize: bytes.byteLength,
    isBinary,
    isTruncated: bytes.byteLength > MOST_TEXT_BYTES,
    text: isBinary ? null : bytes.subarray(0, MOST_TEXT_BYTES).toString("utf8"),
  };
}
