import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/** How a comment is answered at a glance: seen, done, refused, failed. */
export type Reaction = "eyes" | "rocket" | "-1" | "confused";

/**
 * Reacts to a comment. GitHub answers 201 for a new reaction and 200 for one that was there already, so that seeing a
 * comment also tells whether it was seen before (GitHub documentation, "Create reaction for an issue comment").
 */
export async function react(repository: Repository, comment: number, content: Reaction): Promise<"first" | "again"> {
  const { status } = await sendIdempotent(() =>
    repository.octokit.rest.reactions.createForIssueComment({ ...at(repository), comment_id: comment, content }),
  );
  return status === 201 ? "first" : "again";
}

/** Whether somebody has reacted to a comment in this way. */
export async function hasReacted(
  repository: Repository,
  comment: number,
  content: Reaction,
  login: string,
): Promise<boolean> {
  const { data } = await repository.octokit.rest.reactions.listForIssueComment({
    ...at(repository),
    comment_id: comment,
    content,
    per_page: 100,
  });
  return data.some(({ user }) => user?.login === login);
}
