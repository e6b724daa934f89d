import { readCommandLines } from "../../commands/command-line.ts";
import { HOUR, parseInstant, printInstant } from "../../domain/instant.ts";
import { hasMarker } from "../../github/marker.ts";
import { at, type Repository } from "../../github/repository.ts";
import { type Delivery, laneOf } from "../../inbox/inbox.ts";
import { editKey } from "../answering/answer-edit.ts";
import type { Services } from "../services.ts";
import { type Found, NOTHING_FOUND, settledOf } from "./found.ts";
import type { ReconcilePayload } from "./payload.ts";

/** So many comments in one answer are reason enough to begin the next one later. */
const MANY = 50;
const MOST_PAGES = 10;

type Comments = Awaited<ReturnType<Repository["octokit"]["rest"]["issues"]["listCommentsForRepo"]>>["data"];

/**
 * Comments with commands that nobody answered. An answer of ours bears the comment's id in its marker and stands in the
 * same list, so that no further call is needed.
 */
export async function missedComments(
  payload: ReconcilePayload,
  repository: Repository,
  services: Services,
): Promise<{ readonly found: Found; readonly since: string }> {
  const { reader, botLogin, now } = services;
  const { comments_since: since } = payload;
  const news = await reader.news(`comments ${repository.fullName} ${since}`, (headers) =>
    listComments(repository, since, { headers }),
  );
  if (news === null) return { found: NOTHING_FOUND, since };
  const comments = [...news.data];
  for (let page = 2; comments.length === 100 * (page - 1) && page <= MOST_PAGES; page += 1) {
    comments.push(...(await listComments(repository, since, { page })).data);
  }
  const unanswered = unansweredCommands(comments, await botLogin());
  const { settled, keep } = settledOf(unanswered, news, ({ created_at }) => parseInstant(created_at) ?? 0, services);
  const deliveries = settled.map((comment) => deliveryOf(comment, payload, repository));
  const next = comments.length > MANY ? printInstant(now() - HOUR) : since;
  return { found: { deliveries, keep }, since: next };
}

function unansweredCommands(comments: Comments, own: string): Comments {
  const answers = comments.filter(({ user }) => user?.login === own);
  return comments.filter(({ id, user, body }) => {
    if (user === null || user.type === "Bot" || user.login === own) return false;
    const { lines, refusals } = readCommandLines(body ?? "");
    if (lines.length + refusals.length === 0) return false;
    const keys = [String(id), editKey(id)];
    return !answers.some((answer) => keys.some((key) => hasMarker(answer.body, { kind: "reply", key })));
  });
}

function deliveryOf(
  comment: Comments[number],
  { installation, repository: payload }: ReconcilePayload,
  { fullName }: Repository,
): Delivery {
  const issue = {
    number: Number(comment.issue_url.split("/").at(-1)),
    html_url: comment.html_url.split("#", 1)[0],
  };
  // What an edited comment said at first nobody can tell: its commands may have come with the edit, which runs nothing.
  const isEdited = comment.updated_at !== comment.created_at;
  const body = JSON.stringify({
    ...(isEdited ? { action: "edited", changes: { body: { from: "" } } } : { action: "created" }),
    installation,
    repository: payload,
    sender: comment.user,
    issue,
    comment,
  });
  const id = `${isEdited ? "edit" : "comment"}:${comment.id}`;
  return { id, event: "issue_comment", lane: laneOf(fullName), body, urgent: true };
}

function listComments(
  repository: Repository,
  since: string,
  extra: { headers?: Record<string, string>; page?: number },
) {
  return repository.octokit.rest.issues.listCommentsForRepo({
    ...at(repository),
    since,
    sort: "created",
    direction: "asc",
    per_page: 100,
    ...extra,
  });
}
