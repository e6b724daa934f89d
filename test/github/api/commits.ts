import type { CommitRow } from "../database.ts";
import { resolveCommit } from "../git/branches.ts";
import { differences } from "../git/difference.ts";
import { history, touches } from "../git/history.ts";
import { apiSignature } from "../git/identity.ts";
import { ObjectStore } from "../git/object-store.ts";
import { commitJson, fileChangeJson, gitCommitJson } from "../shape/commit.ts";
import { type Site, timestamp } from "../site.ts";
import { identity } from "./contents.ts";
import {
  type Answer,
  created,
  notFound,
  ok,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
  writer,
} from "./routes.ts";

/** `GET commits`, `GET commits/{ref}` and `POST git/commits`: with the account and signature that GitHub shows. */
export function commitRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/commits", (request) => listCommits(site, request));
  // A bare sha only: emulate has deeper routes below /commits/ which must stay reachable.
  repositoryRoute(site, "GET", "/commits/:ref", (request) => oneCommit(site, request));
  repositoryRoute(site, "POST", "/git/commits", (request) => createCommit(site, request));
}

function listCommits(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const head = resolveCommit(site, repository, request.query("sha"));
  if (!head) throw notFound();
  const objects = new ObjectStore(site.db, repository.id);
  const [path, author] = [request.query("path"), request.query("author")?.toLowerCase()];
  const since = Date.parse(request.query("since") ?? "");
  const until = Date.parse(request.query("until") ?? "");
  const shown = history(objects, head.sha).filter(
    (commit) =>
      (!path || touches(objects, commit, path)) &&
      (!author || isBy(site, commit, author)) &&
      !(Date.parse(commit.committer_date) < since) &&
      !(Date.parse(commit.committer_date) > until),
  );
  const { items, headers } = page(request, shown);
  return { status: 200, body: items.map((commit) => commitJson(site, repository, commit)), headers };
}

function oneCommit(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const commit = resolveCommit(site, repository, request.param("ref"));
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${request.param("ref")}`);
  const objects = new ObjectStore(site.db, repository.id);
  const parent = objects.commit(commit.parent_shas[0] ?? "");
  const changes = differences(objects, parent?.tree_sha ?? null, commit.tree_sha);
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  return ok({
    ...commitJson(site, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: changes.map((change) => fileChangeJson(site, repository, change, commit.sha)),
  });
}

async function createCommit(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const user = writer(site, request);
  const { message, tree, parents, author, committer } = await request.json();
  const objects = new ObjectStore(site.db, repository.id);
  const parentShas = Array.isArray(parents) ? parents.map(String) : [];
  if (typeof message !== "string") throw new Refusal(422, `Invalid request.\n\n"message" wasn't supplied.`);
  if (typeof tree !== "string" || !objects.tree(tree)) throw new Refusal(422, "Tree SHA does not exist");
  if (parentShas.some((sha) => !objects.commit(sha))) {
    throw new Refusal(422, "Parent SHA does not exist or is not a commit object");
  }
  const signature = apiSignature(site, user, identity(author), identity(committer));
  const date = timestamp();
  const commit = objects.writeCommit({ message, tree, parents: parentShas, userId: user.id, date, ...signature });
  return created(gitCommitJson(site, repository, commit));
}

/** By login or by e-mail address, as the `author` parameter takes either. */
function isBy(site: Site, commit: CommitRow, author: string): boolean {
  if (commit.author_email.toLowerCase() === author) return true;
  return site.db.users.all().some((user) => user.login.toLowerCase() === author && user.email === commit.author_email);
}
