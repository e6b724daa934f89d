import { assertDirectPushAllowed } from "../branch-rules.ts";
import type { RepositoryRow } from "../database.ts";
import { readRef } from "../git/branches.ts";
import { isAncestor } from "../git/history.ts";
import { ObjectStore } from "../git/object-store.ts";
import { push } from "../git/push.ts";
import type { Json } from "../json.ts";
import { apiUrl } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import {
  type Answer,
  created,
  noContent,
  notFound,
  ok,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
  writer,
} from "./routes.ts";

/** `git/refs`: read, create (an atomic claim: the second one is refused), move, delete; with the events GitHub sends. */
export function refRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/git/ref/:ref{.+}", (request) => readOne(site, request));
  repositoryRoute(site, "POST", "/git/refs", (request) => createRef(site, request));
  repositoryRoute(site, "PATCH", "/git/refs/:ref{.+}", (request) => moveRef(site, request));
  repositoryRoute(site, "DELETE", "/git/refs/:ref{.+}", (request) => deleteRef(site, request));
}

function readOne(site: Site, request: RepositoryRequest): Answer {
  const ref = `refs/${request.param("ref")}`;
  const sha = readRef(site, request.repository, ref);
  if (sha === null) throw notFound();
  return ok(refJson(site, request.repository, ref, sha));
}

async function createRef(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const user = writer(site, request);
  const { ref, sha } = await request.json();
  if (typeof ref !== "string" || !/^refs\/[^/]+\/.+$/.test(ref)) throw new Refusal(422, "Reference name is invalid");
  assertCommit(site, repository, sha);
  if (readRef(site, repository, ref) !== null) throw new Refusal(422, "Reference already exists");
  push(site, repository, ref, sha, user);
  return created(refJson(site, repository, ref, sha));
}

async function moveRef(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const user = writer(site, request);
  const { sha, force } = await request.json();
  const ref = `refs/${request.param("ref")}`;
  const before = readRef(site, repository, ref);
  if (before === null) throw new Refusal(422, "Reference does not exist");
  assertCommit(site, repository, sha);
  if (force !== true && !isAncestor(new ObjectStore(site.db, repository.id), before, sha)) {
    throw new Refusal(422, "Update is not a fast forward");
  }
  if (ref.startsWith("refs/heads/")) assertDirectPushAllowed(site, repository, ref.slice("refs/heads/".length), user);
  push(site, repository, ref, sha, user);
  return ok(refJson(site, repository, ref, sha));
}

function deleteRef(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const user = writer(site, request);
  const ref = `refs/${request.param("ref")}`;
  if (readRef(site, repository, ref) === null) throw new Refusal(422, "Reference does not exist");
  push(site, repository, ref, null, user);
  return noContent;
}

function assertCommit(site: Site, repository: RepositoryRow, sha: unknown): asserts sha is string {
  if (typeof sha === "string" && new ObjectStore(site.db, repository.id).commit(sha)) return;
  throw new Refusal(422, "Object does not exist");
}

function refJson(site: Site, repository: RepositoryRow, ref: string, sha: string): Json {
  return {
    ref,
    node_id: Buffer.from(ref).toString("base64url"),
    url: `${apiUrl(site, repository)}/git/${ref}`,
    object: { type: "commit", sha, url: `${apiUrl(site, repository)}/git/commits/${sha}` },
  };
}
