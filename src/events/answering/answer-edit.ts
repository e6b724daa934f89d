import { readCommandLines } from "../../commands/command-line.ts";
import { findComment, writeComment } from "../../github/comment.ts";
import type { Marker } from "../../github/marker.ts";
import type { Repository } from "../../github/repository.ts";
import type { IssueCommentPayload } from "../payload.ts";
import type { Services } from "../services.ts";

/**
 * An edit runs nothing: nobody would see when what was run. When it added a command, that is said, once for each comment,
 * because whoever typed it waits for an effect.
 */
export async function answerEdit(
  { comment, issue, changes }: IssueCommentPayload,
  repository: Repository,
  { botLogin }: Services,
): Promise<void> {
  const before = new Set(commandTexts(changes?.body?.from ?? comment.body ?? ""));
  const added = commandTexts(comment.body ?? "").filter((text) => !before.has(text));
  if (added.length === 0) return;
  const marker: Marker = { kind: "reply", key: editKey(comment.id) };
  const own = { botLogin: await botLogin(), since: comment.created_at };
  if ((await findComment(repository, issue.number, marker, own)) !== null) return;
  const text = `An edit runs nothing: the command that was added to [this comment](${comment.html_url}) was **not run**. Post it as a new comment.`;
  await writeComment(repository, issue.number, marker, text, botLogin);
}

/** Names the word about an edit of a comment, beside the answer to the comment itself. */
export function editKey(comment: number): string {
  return `edit-${comment}`;
}

function commandTexts(body: string): readonly string[] {
  return readCommandLines(body).lines.map(({ words }) => words.join(" "));
}
