import type { RepositoryRow, TreeEntry } from "../database.ts";
import { resolveCommit } from "../git/branches.ts";
import { type FileEntry, ObjectStore } from "../git/object-store.ts";
import { isObject, type Json } from "../json.ts";
import { gitCommitJson } from "../shape/commit.ts";
import { apiUrl } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import {
  type Answer,
  created,
  notFound,
  ok,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
  writer,
} from "./routes.ts";

/** `git/trees`, `git/blobs` and `git/commits`: what a repository is made of, by sha. */
export function gitObjectRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/git/trees/:sha", (request) => readTree(site, request));
  repositoryRoute(site, "POST", "/git/trees", (request) => writeTree(site, request));
  repositoryRoute(site, "GET", "/git/blobs/:sha", (request) => readBlob(site, request));
  repositoryRoute(site, "GET", "/git/commits/:sha", (request) => {
    const commit = new ObjectStore(site.db, request.repository.id).commit(request.param("sha"));
    if (!commit) throw notFound();
    return ok(gitCommitJson(site, request.repository, commit));
  });
}

/** By the sha of a tree or of a commit, or by a branch. Recursive as long as the list stays within GitHub's limit. */
function readTree(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const objects = new ObjectStore(site.db, repository.id);
  const name = request.param("sha");
  const sha = objects.tree(name)?.sha ?? resolveCommit(site, repository, name)?.tree_sha;
  if (sha === undefined) throw notFound();
  // Any value of `recursive` makes it so, `0` and `false` included (GitHub documentation, "Get a tree").
  const all = request.query("recursive") === undefined ? (objects.tree(sha)?.tree ?? []) : allEntries(objects, sha);
  const truncated = all.length > site.limits.treeEntries;
  const tree = all.slice(0, site.limits.treeEntries).map((entry) => treeEntryJson(site, repository, objects, entry));
  return ok({ sha, url: `${apiUrl(site, repository)}/git/trees/${sha}`, tree, truncated });
}

/** Folders before what is in them, paths from the root. */
function allEntries(objects: ObjectStore, tree: string, prefix = ""): TreeEntry[] {
  return (objects.tree(tree)?.tree ?? []).flatMap((entry) => {
    const path = prefix + entry.path;
    const inside = entry.type === "tree" ? allEntries(objects, entry.sha, `${path}/`) : [];
    return [{ ...entry, path }, ...inside];
  });
}

function treeEntryJson(site: Site, repository: RepositoryRow, objects: ObjectStore, entry: TreeEntry): Json {
  const { path, mode, type, sha } = entry;
  const size = type === "blob" ? { size: objects.bytes(sha)?.byteLength ?? 0 } : {};
  const url = `${apiUrl(site, repository)}/git/${type === "tree" ? "trees" : "blobs"}/${sha}`;
  return { path, mode, type, sha, ...size, url };
}

async function writeTree(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  writer(site, request);
  const { base_tree, tree } = await request.json();
  const objects = new ObjectStore(site.db, repository.id);
  const base =
    typeof base_tree === "string" ? (objects.tree(base_tree)?.sha ?? objects.commit(base_tree)?.tree_sha) : null;
  if (base === undefined) throw new Refusal(422, "base_tree is not a valid tree oid");
  if (!Array.isArray(tree)) throw new Refusal(422, "Invalid tree info");
  const changes = new Map(tree.map((entry) => changeOf(objects, base, isObject(entry) ? entry : {})));
  const sha = objects.changeTree(base, changes);
  const entries = (objects.tree(sha)?.tree ?? []).map((entry) => treeEntryJson(site, repository, objects, entry));
  return created({ sha, url: `${apiUrl(site, repository)}/git/trees/${sha}`, tree: entries, truncated: false });
}

const MODES = ["100644", "100755", "120000", "160000"];

function changeOf(objects: ObjectStore, base: string | null, entry: Json): [string, FileEntry | null] {
  const { path, mode, sha, content } = entry;
  const isMalformed =
    typeof path !== "string" || !MODES.includes(String(mode)) || /(^|\/)(\.{0,2}|\.git)(\/|$)/.test(path);
  if (isMalformed) throw new Refusal(422, "tree.path contains a malformed path component");
  if (sha !== undefined && content !== undefined)
    throw new Refusal(422, "Must supply tree.sha or tree.content, not both");
  if (sha === null) {
    if (base === null || !objects.entryAt(base, path)) throw new Refusal(422, "GitRPC::BadObjectState");
    return [path, null];
  }
  if (typeof content === "string") return [path, { ...objects.writeBlob(Buffer.from(content)), mode: String(mode) }];
  if (mode === "160000") return [path, { mode, type: "commit", sha: String(sha) }];
  const blob = objects.blob(String(sha));
  if (!blob) throw new Refusal(422, "tree.sha is not a valid blob");
  return [path, { mode: String(mode), type: "blob", sha: blob.sha, size: blob.size }];
}

function readBlob(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const sha = request.param("sha");
  const bytes = new ObjectStore(site.db, repository.id).bytes(sha);
  if (!bytes) throw notFound();
  const url = `${apiUrl(site, repository)}/git/blobs/${sha}`;
  const content = `${bytes.toString("base64").replace(/(.{60})/g, "$1\n")}\n`;
  return ok({ sha, node_id: `B_${sha}`, size: bytes.byteLength, url, content, encoding: "base64" });
}
