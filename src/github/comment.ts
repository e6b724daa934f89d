import { hasMarker, type Marker, printMarker } from "./marker.ts";
import { at, type Repository } from "./repository.ts";
import { sendOnce } from "./send-once.ts";

/** GitHub refuses bodies over 65,536 characters; what is longer is cut with a word about it. */
const LONGEST_BODY = 60_000;

/** A body with its marker, cut to what GitHub takes. */
export function markedBody(marker: Marker, body: string): string {
  const whole = `${printMarker(marker)}\n${body}`;
  return whole.length <= LONGEST_BODY
    ? whole
    : `${whole.slice(0, LONGEST_BODY).toWellFormed()}\n\n… (cut: too long for GitHub)`;
}

/** Finds this app's own comment by its marker, newest comments first; texts of others never count, whatever they imitate. */
export async function findComment(
  repository: Repository,
  issue: number,
  marker: Marker,
  own: { readonly botLogin: string; readonly since?: string },
): Promise<{ readonly id: number; readonly url: string; readonly body: string } | null> {
  const comments = await repository.octokit.paginate(repository.octokit.rest.issues.listComments, {
    ...at(repository),
    issue_number: issue,
    per_page: 100,
    ...(own.since === undefined ? {} : { since: own.since }),
  });
  const found = comments.findLast(({ user, body }) => user?.login === own.botLogin && hasMarker(body, marker));
  return found === undefined ? null : { id: found.id, url: found.html_url, body: found.body ?? "" };
}

/** Writes a comment that bears a marker, once, although the answer to the call may be lost. */
export async function writeComment(
  repository: Repository,
  issue: number,
  marker: Marker,
  body: string,
  botLogin: () => Promise<string>,
): Promise<void> {
  await sendOnce(
    async () => {
      await repository.octokit.rest.issues.createComment({
        ...at(repository),
        issue_number: issue,
        body: markedBody(marker, body),
      });
      return true;
    },
    async () => ((await findComment(repository, issue, marker, { botLogin: await botLogin() })) === null ? null : true),
  );
}
