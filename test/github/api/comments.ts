import { type CommentRow, type IssueRow, nodeId } from "../database.ts";
import { report } from "../events.ts";
import type { Json } from "../json.ts";
import { commentJson, issueJson } from "../shape/issue.ts";
import { type Site, timestamp } from "../site.ts";
import { issueOf } from "./issues.ts";
import {
  type Answer,
  actor,
  created,
  mayPush,
  noContent,
  notFound,
  ok,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
} from "./routes.ts";

/** GitHub refuses longer comments ("body is too long (maximum is 65536 characters)"). */
const MOST_CHARACTERS = 65_536;

/** Comments on issues and pull requests. */
export function commentRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/issues/:number/comments", (request) => listComments(site, request));
  repositoryRoute(site, "POST", "/issues/:number/comments", (request) => addComment(site, request));
  repositoryRoute(site, "GET", "/issues/comments", (request) => listAllComments(site, request));
  repositoryRoute(site, "GET", "/issues/comments/:id", (request) => ok(commentJson(site, commentOf(site, request))));
  repositoryRoute(site, "PATCH", "/issues/comments/:id", (request) => editComment(site, request));
  repositoryRoute(site, "DELETE", "/issues/comments/:id", (request) => deleteComment(site, request));
}

/** The issue comment of the path; 404 without one. */
export function commentOf(site: Site, request: RepositoryRequest): CommentRow {
  const comment = site.db.comments.get(Number(request.param("id")));
  if (comment?.repo_id !== request.repository.id || comment.comment_type !== "issue") throw notFound();
  return comment;
}

function listComments(site: Site, request: RepositoryRequest): Answer {
  const { number } = issueOf(site, request);
  return answerWith(
    site,
    request,
    commentsSince(site, request).filter((row) => row.issue_number === number),
  );
}

/** Comments of all issues of a repository: by creation, oldest first, unless `sort` and `direction` say otherwise. */
function listAllComments(site: Site, request: RepositoryRequest): Answer {
  const [sort, direction] = [request.query("sort"), request.query("direction")];
  const key = sort === "updated" ? "updated_at" : "created_at";
  const comments = commentsSince(site, request).toSorted(
    (a, b) => Date.parse(a[key]) - Date.parse(b[key]) || a.id - b.id,
  );
  return answerWith(site, request, sort !== null && direction === "desc" ? comments.reverse() : comments);
}

/** @param request `since` is about the last change of a comment. */
function commentsSince(site: Site, request: RepositoryRequest): CommentRow[] {
  const since = Date.parse(request.query("since") ?? "");
  return site.db.comments
    .findBy("repo_id", request.repository.id)
    .filter((row) => row.comment_type === "issue" && !(Date.parse(row.updated_at) < since));
}

function answerWith(site: Site, request: RepositoryRequest, comments: readonly CommentRow[]): Answer {
  const { items, headers } = page(request, comments);
  return { status: 200, body: items.map((comment) => commentJson(site, comment)), headers };
}

async function addComment(site: Site, request: RepositoryRequest): Promise<Answer> {
  const user = actor(request);
  const issue = issueOf(site, request);
  const body = textOf(await request.json());
  if (issue.locked && !mayPush(site, request.caller, request.repository)) {
    throw new Refusal(403, "Unable to create comment because issue is locked.");
  }
  const inserted = site.db.comments.insert({
    node_id: nodeId("IssueComment", 0) + issue.id,
    repo_id: request.repository.id,
    issue_number: issue.number,
    body,
    user_id: user.id,
    comment_type: "issue",
  });
  const written = timestamp(site.clock);
  Object.assign(inserted, { created_at: written, updated_at: written });
  const current = site.db.issues.update(issue.id, { comments: issue.comments + 1 });
  reportComment(site, request, "created", inserted, current);
  return created(commentJson(site, inserted));
}

async function editComment(site: Site, request: RepositoryRequest): Promise<Answer> {
  const comment = writable(site, request);
  const body = textOf(await request.json());
  const current = site.db.comments.update(comment.id, { body }) ?? comment;
  const changes = { body: { from: comment.body } };
  if (body !== comment.body) reportComment(site, request, "edited", current, issueFor(site, comment), { changes });
  return ok(commentJson(site, current));
}

function deleteComment(site: Site, request: RepositoryRequest): Answer {
  const comment = writable(site, request);
  const issue = issueFor(site, comment);
  site.db.comments.delete(comment.id);
  const current = issue && site.db.issues.update(issue.id, { comments: issue.comments - 1 });
  reportComment(site, request, "deleted", comment, current);
  return noContent;
}

/** One's own comment, or anyone's with push access. */
function writable(site: Site, request: RepositoryRequest): CommentRow {
  const comment = commentOf(site, request);
  if (comment.user_id === actor(request).id || mayPush(site, request.caller, request.repository)) return comment;
  throw new Refusal(403, "Must have admin rights to Repository.");
}

function textOf({ body }: Json): string {
  const invalid = (code: string) =>
    new Refusal(422, "Validation Failed", [{ resource: "IssueComment", field: "body", code }]);
  if (typeof body !== "string" || body.trim() === "") throw invalid("missing_field");
  if (body.length > MOST_CHARACTERS) throw invalid(`body is too long (maximum is ${MOST_CHARACTERS} characters)`);
  return body;
}

function issueFor(site: Site, comment: CommentRow): IssueRow | undefined {
  return site.db.issues.findBy("repo_id", comment.repo_id).find((issue) => issue.number === comment.issue_number);
}

function reportComment(
  site: Site,
  request: RepositoryRequest,
  action: string,
  comment: CommentRow,
  issue: IssueRow | undefined,
  details: Json = {},
): void {
  if (!issue) return;
  const payload = { action, issue: issueJson(site, issue), comment: commentJson(site, comment), ...details };
  report(site, "issue_comment", request.repository, actor(request), payload);
}
