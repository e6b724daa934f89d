import { createHash } from "node:crypto";
import { type BlobRow, type CommitRow, type Database, nodeId, type TreeEntry, type TreeRow } from "../database.ts";
import type { Signature } from "./identity.ts";

/** A file of a tree: its blob (or submodule commit) and mode. */
export interface FileEntry {
  readonly mode: string;
  readonly type: "blob" | "commit";
  readonly sha: string;
  readonly size?: number;
}

/** Path to file, for changes null to delete. */
export type Changes = ReadonlyMap<string, FileEntry | null>;

/** Files by path, on each side of a comparison. */
interface DifferingFiles {
  readonly before: Map<string, FileEntry>;
  readonly after: Map<string, FileEntry>;
}

interface CommitDraft extends Signature {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly userId: number | null;
  /** ISO 8601; both of author and committer. */
  readonly date: string;
  readonly authorDate?: string;
}

/** The Git objects of one repository. Ids are Git's own; lookups go by sha, so that a long history stays fast. */
export class ObjectStore {
  readonly #db: Database;
  readonly #repositoryId: number;

  constructor(db: Database, repositoryId: number) {
    this.#db = db;
    this.#repositoryId = repositoryId;
  }

  blob(sha: string): BlobRow | undefined {
    return this.#own(this.#db.blobs.findBy("sha", sha));
  }

  tree(sha: string): TreeRow | undefined {
    return this.#own(this.#db.trees.findBy("sha", sha));
  }

  commit(sha: string): CommitRow | undefined {
    return this.#own(this.#db.commits.findBy("sha", sha));
  }

  /** The bytes of a blob; null when there is none. */
  bytes(sha: string): Buffer | null {
    const blob = this.blob(sha);
    return blob ? Buffer.from(blob.content, blob.encoding === "base64" ? "base64" : "utf8") : null;
  }

  writeBlob(bytes: Buffer): FileEntry {
    const sha = objectId("blob", bytes);
    if (!this.blob(sha)) {
      const text = bytes.toString("utf8");
      const isText = !text.includes("\0") && Buffer.from(text, "utf8").equals(bytes);
      this.#db.blobs.insert({
        repo_id: this.#repositoryId,
        node_id: nodeId("Blob", 0) + sha,
        sha,
        content: isText ? text : bytes.toString("base64"),
        encoding: isText ? "utf-8" : "base64",
        size: bytes.byteLength,
      });
    }
    return { mode: "100644", type: "blob", sha, size: bytes.byteLength };
  }

  writeCommit(draft: CommitDraft): CommitRow {
    const authorDate = draft.authorDate ?? draft.date;
    const lines = [
      `tree ${draft.tree}`,
      ...draft.parents.map((parent) => `parent ${parent}`),
      `author ${draft.author.name} <${draft.author.email}> ${gitDate(authorDate)}`,
      `committer ${draft.committer.name} <${draft.committer.email}> ${gitDate(draft.date)}`,
      "",
      draft.message.endsWith("\n") ? draft.message : `${draft.message}\n`,
    ];
    const sha = objectId("commit", Buffer.from(lines.join("\n")));
    const existing = this.commit(sha);
    if (existing) return existing;
    return this.#db.commits.insert({
      repo_id: this.#repositoryId,
      node_id: nodeId("Commit", 0) + sha,
      sha,
      message: draft.message,
      author_name: draft.author.name,
      author_email: draft.author.email,
      author_date: authorDate,
      committer_name: draft.committer.name,
      committer_email: draft.committer.email,
      committer_date: draft.date,
      tree_sha: draft.tree,
      parent_shas: draft.parents,
      user_id: draft.userId,
      verified: draft.verified,
    });
  }

  /** A tree with some paths changed; directories that become empty disappear, as in Git. */
  changeTree(base: string | null, changes: Changes): string {
    return this.#changeTree(base, changes) ?? this.#writeTree([]);
  }

  /** The file or directory at a path of a tree; the tree itself at "". */
  entryAt(tree: string, path: string): TreeEntry | null {
    let entry: TreeEntry = { path: "", mode: "040000", type: "tree", sha: tree };
    for (const name of path.split("/").filter(Boolean)) {
      const next = entry.type === "tree" ? this.tree(entry.sha)?.tree.find((child) => child.path === name) : undefined;
      if (!next) return null;
      entry = next;
    }
    return entry;
  }

  /** Every file below a tree, by path. */
  files(tree: string, prefix = "", into = new Map<string, FileEntry>()): Map<string, FileEntry> {
    for (const entry of this.tree(tree)?.tree ?? []) {
      if (entry.type === "tree") this.files(entry.sha, `${prefix}${entry.path}/`, into);
      else into.set(prefix + entry.path, { ...entry, type: entry.type });
    }
    return into;
  }

  /** The files that are not the same in two trees, as each has them. Equal directories are not even looked into. */
  differingFiles(before: string | null, after: string | null, prefix = "", into = noDifference()): DifferingFiles {
    if (before === after) return into;
    const [old, now] = [this.#entries(before), this.#entries(after)];
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [was, is] = [old.get(name), now.get(name)];
      if (was?.sha === is?.sha && was?.mode === is?.mode) continue;
      const path = prefix + name;
      if (was && was.type !== "tree") into.before.set(path, { ...was, type: was.type });
      if (is && is.type !== "tree") into.after.set(path, { ...is, type: is.type });
      this.differingFiles(directory(was), directory(is), `${path}/`, into);
    }
    return into;
  }

  #entries(tree: string | null): Map<string, TreeEntry> {
    const entries = tree === null ? [] : (this.tree(tree)?.tree ?? []);
    return new Map(entries.map((entry) => [entry.path, entry]));
  }

  #changeTree(base: string | null, changes: Changes): string | null {
    const entries = this.#entries(base);
    for (const [name, inside] of byFirstName(changes)) {
      const file = inside.get("");
      if (file) entries.set(name, { ...file, path: name });
      else if (file === null) entries.delete(name);
      inside.delete("");
      if (inside.size === 0) continue;
      const sha = this.#changeTree(directory(entries.get(name)), inside);
      if (sha) entries.set(name, { path: name, mode: "040000", type: "tree", sha });
      else entries.delete(name);
    }
    return entries.size > 0 ? this.#writeTree([...entries.values()]) : null;
  }

  #writeTree(entries: readonly TreeEntry[]): string {
    const ordered = [...entries].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
    const content = ordered.flatMap((entry) => [
      Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.path}\0`),
      Buffer.from(entry.sha, "hex"),
    ]);
    const sha = objectId("tree", Buffer.concat(content));
    if (!this.tree(sha)) {
      this.#db.trees.insert({
        repo_id: this.#repositoryId,
        node_id: nodeId("Tree", 0) + sha,
        sha,
        tree: ordered,
        truncated: false,
      });
    }
    return sha;
  }

  #own<T extends { readonly repo_id: number }>(rows: readonly T[]): T | undefined {
    return rows.find((row) => row.repo_id === this.#repositoryId);
  }
}

function noDifference(): DifferingFiles {
  return { before: new Map(), after: new Map() };
}

/** The tree of an entry that is a directory. */
function directory(entry: TreeEntry | undefined): string | null {
  return entry?.type === "tree" ? entry.sha : null;
}

/** Changes grouped by the first name of their path; a change of that name itself has the rest "". */
function byFirstName(changes: Changes): Map<string, Map<string, FileEntry | null>> {
  const groups = new Map<string, Map<string, FileEntry | null>>();
  for (const [path, change] of changes) {
    const slash = path.indexOf("/");
    const name = slash < 0 ? path : path.slice(0, slash);
    const group = groups.get(name) ?? new Map<string, FileEntry | null>();
    groups.set(name, group.set(slash < 0 ? "" : path.slice(slash + 1), change));
  }
  return groups;
}

function objectId(type: "blob" | "tree" | "commit", content: Buffer): string {
  return createHash("sha1").update(`${type} ${content.byteLength}\0`).update(content).digest("hex");
}

// Git compares a directory as if its name ended in a slash.
function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entry.type === "tree" ? `${entry.path}/` : entry.path);
}

function gitDate(iso: string): string {
  return `${Math.floor(Date.parse(iso) / 1000)} +0000`;
}
