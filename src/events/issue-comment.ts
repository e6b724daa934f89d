import { readCommandLines } from "../commands/command-line.ts";
import type { Instant } from "../domain/instant.ts";
import { react } from "../github/reaction.ts";
import { repositoryOf } from "../github/repository.ts";
import { answerComment } from "./answering/answer-comment.ts";
import { answerEdit } from "./answering/answer-edit.ts";
import { isOnIncident, noteComment } from "./incidents/incident-thread.ts";
import type { IssueCommentPayload } from "./payload.ts";
import type { Services } from "./services.ts";

/**
 * Somebody wrote, or edited, a comment. Comments of bots are ignored, so that no two bots ever talk to each other; a
 * comment without a command costs nothing, not even a call, unless it is on an incident, which it acknowledges.
 */
export async function onIssueComment(
  delivery: { readonly id: string; readonly action: string; readonly acceptedAt: Instant },
  payload: IssueCommentPayload,
  services: Services,
): Promise<void> {
  const { comment, sender } = payload;
  if (sender.type === "Bot" || comment.user === null || comment.user.type === "Bot") return;
  const commands = readCommandLines(comment.body ?? "");
  const isPlain = commands.lines.length === 0 && commands.refusals.length === 0;
  if (isPlain && (delivery.action === "edited" || !(await isOnIncident(payload, services)))) return;

  // Never more before the permission is known: anybody may type `/batch stop`.
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "command");
  if (delivery.action === "edited") return answerEdit(payload, repository, services);
  // Written by a program on a person's behalf: that person did not decide it at this moment.
  if (comment.performed_via_github_app != null && isPlain) return;
  if (comment.performed_via_github_app != null) return void (await react(repository, comment.id, "-1"));
  if (isPlain) return noteComment(repository, payload, comment.user, services);
  return answerComment(
    { event: delivery.id, acceptedAt: delivery.acceptedAt, payload, author: comment.user, commands, repository },
    services,
  );
}
