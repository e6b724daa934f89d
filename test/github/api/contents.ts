import { assertDirectPushAllowed } from "../branch-rules.ts";
import type { CommitRow, RepositoryRow, TreeEntry } from "../database.ts";
import { branchTip, resolveCommit } from "../git/branches.ts";
import { apiSignature, type Identity } from "../git/identity.ts";
import { type FileEntry, ObjectStore } from "../git/object-store.ts";
import { push } from "../git/push.ts";
import { isObject, type Json } from "../json.ts";
import { gitCommitJson } from "../shape/commit.ts";
import { apiUrl, htmlUrl } from "../shape/repository.ts";
import { type Site, timestamp } from "../site.ts";
import { type Answer, notFound, ok, Refusal, type RepositoryRequest, repositoryRoute, writer } from "./routes.ts";

/** Bytes up to which `GET contents` carries the content; larger files come with `"encoding": "none"`. */
const MOST_INLINE_BYTES = 1024 * 1024;

/** `GET|PUT|DELETE /repos/{owner}/{repo}/contents/{path}`. */
export function contentsRoutes(site: Site): void {
  for (const path of ["/contents", "/contents/", "/contents/:path{.+}"]) {
    repositoryRoute(site, "GET", path, (request) => readContents(site, request));
  }
  repositoryRoute(site, "PUT", "/contents/:path{.+}", (request) => writeFile(site, request));
  repositoryRoute(site, "DELETE", "/contents/:path{.+}", (request) => deleteFile(site, request));
}

function readContents(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const path = normalizedPath(request.param("path"));
  const revision = request.query("ref");
  const commit = resolveCommit(site, repository, revision);
  const objects = new ObjectStore(site.db, repository.id);
  const entry = commit && objects.entryAt(commit.tree_sha, path);
  if (!entry) throw notFound();
  const place = { path, ref: revision ?? repository.default_branch };
  if (entry.type === "blob" && /\.raw(\+json)?\b/.test(request.raw.headers.get("accept") ?? "")) {
    return { status: 200, body: objects.bytes(entry.sha), headers: { "content-type": "application/vnd.github.raw" } };
  }
  if (entry.type !== "tree") return ok(fileJson(site, repository, objects, place, entry));
  const children = objects.tree(entry.sha)?.tree ?? [];
  return ok(
    children.map((child) => {
      const below = { ...place, path: path ? `${path}/${child.path}` : child.path };
      return entryJson(site, repository, below, child, sizeOf(objects, child));
    }),
  );
}

async function writeFile(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const user = writer(site, request);
  const path = normalizedPath(request.param("path"));
  const body = await request.json();
  const { message, content } = body;
  if (typeof message !== "string" || typeof content !== "string") {
    throw new Refusal(
      422,
      `Invalid request.\n\n"${typeof message === "string" ? "content" : "message"}" wasn't supplied.`,
    );
  }
  const { branch, tip } = targetOf(site, repository, body);
  const objects = new ObjectStore(site.db, repository.id);
  const existing = objects.entryAt(tip.tree_sha, path);
  if (existing?.type === "tree") throw new Refusal(422, `${path} is a directory`);
  if (existing) assertSameBlob(path, existing, body.sha);
  assertDirectPushAllowed(site, repository, branch, user);

  const file: FileEntry = {
    ...objects.writeBlob(Buffer.from(content, "base64")),
    mode: existing?.mode ?? "100644",
  };
  const commit = commitTo(site, request, { branch, tip, message, path, file, body });
  const place = { path, ref: branch };
  const answer = {
    content: entryJson(site, repository, place, { ...file, path }, file.size ?? 0),
    commit: gitCommitJson(site, repository, commit),
  };
  return { status: existing ? 200 : 201, body: answer };
}

async function deleteFile(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const user = writer(site, request);
  const path = normalizedPath(request.param("path"));
  const body = await request.json();
  const message = typeof body.message === "string" ? body.message : `Delete ${path}`;
  const { branch, tip } = targetOf(site, repository, body);
  const existing = new ObjectStore(site.db, repository.id).entryAt(tip.tree_sha, path);
  if (!existing || existing.type === "tree") throw notFound();
  assertSameBlob(path, existing, body.sha);
  assertDirectPushAllowed(site, repository, branch, user);
  const commit = commitTo(site, request, { branch, tip, message, path, file: null, body });
  return ok({ content: null, commit: gitCommitJson(site, repository, commit) });
}

/** The branch is looked up before anything else: an unknown one is 404 whatever the sha says. */
function targetOf(site: Site, repository: RepositoryRow, body: Json): { branch: string; tip: CommitRow } {
  const branch = typeof body.branch === "string" ? body.branch : repository.default_branch;
  const sha = branchTip(site, repository, branch);
  const tip = sha === null ? undefined : new ObjectStore(site.db, repository.id).commit(sha);
  if (!tip) throw new Refusal(404, `Branch ${branch} not found`);
  return { branch, tip };
}

function assertSameBlob(path: string, existing: TreeEntry, sha: unknown): void {
  if (typeof sha !== "string") throw new Refusal(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (sha !== existing.sha) throw new Refusal(409, `${path} does not match ${sha}`);
}

interface FileCommit {
  readonly branch: string;
  readonly tip: CommitRow;
  readonly message: string;
  readonly path: string;
  readonly file: FileEntry | null;
  readonly body: Json;
}

function commitTo(site: Site, request: RepositoryRequest, change: FileCommit): CommitRow {
  const user = writer(site, request);
  const objects = new ObjectStore(site.db, request.repository.id);
  const commit = objects.writeCommit({
    message: change.message,
    tree: objects.changeTree(change.tip.tree_sha, new Map([[change.path, change.file]])),
    parents: [change.tip.sha],
    userId: user.id,
    date: timestamp(),
    ...apiSignature(site, user, identity(change.body.author), identity(change.body.committer)),
  });
  push(site, request.repository, `refs/heads/${change.branch}`, commit.sha, user);
  return commit;
}

/** Name and e-mail address as the API takes them for `author` and `committer`. */
export function identity(value: unknown): Identity | undefined {
  if (!isObject(value)) return undefined;
  const { name, email } = value;
  if (typeof name === "string" && typeof email === "string") return { name, email };
  throw new Refusal(422, "Invalid request.\n\nauthor and committer need a name and an email.");
}

function normalizedPath(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  const parts = trimmed.split("/");
  if (trimmed !== "" && parts.some((part) => ["", ".", ".."].includes(part))) {
    throw new Refusal(422, "path contains a malformed path component");
  }
  return trimmed;
}

interface Place {
  readonly path: string;
  readonly ref: string;
}

function fileJson(site: Site, repository: RepositoryRow, objects: ObjectStore, place: Place, entry: TreeEntry): Json {
  const size = sizeOf(objects, entry);
  const inline = size <= MOST_INLINE_BYTES;
  return {
    ...entryJson(site, repository, place, entry, size),
    content: inline ? (objects.bytes(entry.sha)?.toString("base64") ?? "").replace(/.{60}/g, "$&\n") : "",
    encoding: inline ? "base64" : "none",
  };
}

function entryJson(site: Site, repository: RepositoryRow, place: Place, entry: TreeEntry, size: number): Json {
  const path = place.path.split("/").map(encodeURIComponent).join("/");
  const ref = encodeURIComponent(place.ref);
  const kind = entry.type === "tree" ? "dir" : entry.type === "commit" ? "submodule" : "file";
  const self = `${apiUrl(site, repository)}/contents/${path}?ref=${ref}`;
  const git = `${apiUrl(site, repository)}/git/${entry.type === "tree" ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${htmlUrl(site, repository)}/${kind === "dir" ? "tree" : "blob"}/${ref}/${path}`;
  return {
    type: kind,
    name: place.path.split("/").at(-1) ?? "",
    path: place.path,
    sha: entry.sha,
    size,
    url: self,
    git_url: git,
    html_url: html,
    download_url: kind === "file" ? `${htmlUrl(site, repository)}/raw/${ref}/${path}` : null,
    _links: { self, git, html },
  };
}

function sizeOf(objects: ObjectStore, entry: TreeEntry): number {
  return entry.type === "blob" ? (objects.blob(entry.sha)?.size ?? 0) : 0;
}
