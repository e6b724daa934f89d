import type { Json } from "../json.ts";
import { REACTIONS, type Reaction, type Subject } from "../reaction-store.ts";
import { userJsonById } from "../shape/account.ts";
import type { Site } from "../site.ts";
import { commentOf } from "./comments.ts";
import { issueOf } from "./issues.ts";
import {
  type Answer,
  actor,
  created,
  noContent,
  notFound,
  ok,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
} from "./routes.ts";

type SubjectOf = (request: RepositoryRequest) => Subject;

/** Reactions on issues and on their comments. The same person reacting the same way again is 200 instead of 201. */
export function reactionRoutes(site: Site): void {
  const subjects: Record<string, SubjectOf> = {
    "/issues/:number": (request) => `issue ${issueOf(site, request).id}`,
    "/issues/comments/:id": (request) => `comment ${commentOf(site, request).id}`,
  };
  for (const [path, subjectOf] of Object.entries(subjects)) {
    repositoryRoute(site, "GET", `${path}/reactions`, (request) => list(site, request, subjectOf));
    repositoryRoute(site, "POST", `${path}/reactions`, (request) => react(site, request, subjectOf));
    repositoryRoute(site, "DELETE", `${path}/reactions/:reaction`, (request) => withdraw(site, request, subjectOf));
  }
}

function list(site: Site, request: RepositoryRequest, subjectOf: SubjectOf): Answer {
  const content = request.query("content");
  const reactions = site.reactions.of(subjectOf(request));
  const { items, headers } = page(
    request,
    reactions.filter((reaction) => !content || reaction.content === content),
  );
  return { status: 200, body: items.map((reaction) => reactionJson(site, reaction)), headers };
}

async function react(site: Site, request: RepositoryRequest, subjectOf: SubjectOf): Promise<Answer> {
  const user = actor(request);
  const subject = subjectOf(request);
  const wanted = (await request.json()).content;
  const content = REACTIONS.find((name) => name === wanted);
  if (!content)
    throw new Refusal(422, "Validation Failed", [{ resource: "Reaction", field: "content", code: "invalid" }]);
  const reactions = site.reactions.of(subject);
  const existing = reactions.find((reaction) => reaction.userId === user.id && reaction.content === content);
  if (existing) return ok(reactionJson(site, existing));
  return created(reactionJson(site, site.reactions.add(subject, content, user.id)));
}

function withdraw(site: Site, request: RepositoryRequest, subjectOf: SubjectOf): Answer {
  const user = actor(request);
  const subject = subjectOf(request);
  const reactions = site.reactions.of(subject);
  const reaction = reactions.find((candidate) => candidate.id === Number(request.param("reaction")));
  if (reaction?.userId !== user.id) throw notFound();
  site.reactions.remove(subject, reaction);
  return noContent;
}

function reactionJson(site: Site, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: `REA_${reaction.id}`,
    user: userJsonById(site, reaction.userId),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}
