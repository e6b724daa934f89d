import { isMissing } from "./failure.ts";
import { hasMarker, type Marker, printMarker, readMarker } from "./marker.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent, sendOnce } from "./send-once.ts";

/** GitHub refuses bodies over 65,536 characters; what is longer is cut with a word about it. */
const LONGEST_BODY = 60_000;

/** A body with its marker, cut to what GitHub takes. */
export function markedBody(marker: Marker, body: string): string {
  const whole = `${printMarker(marker)}\n${body}`;
  return whole.length <= LONGEST_BODY
    ? whole
    : `${whole.slice(0, LONGEST_BODY).toWellFormed()}\n\n… (cut: too long for GitHub)`;
}

/** A comment of this app's. */
export interface OwnComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  /** The one of those looked for that it bears. */
  readonly marker: Marker;
}

/** Finds this app's own comment by its marker, newest comments first; texts of others never count, whatever they imitate. */
export function findComment(
  repository: Repository,
  issue: number,
  marker: Marker,
  own: { readonly botLogin: string; readonly since?: string },
): Promise<OwnComment | null> {
  return findOwnComment(repository, issue, [marker], own);
}

/** As above, by any of several markers; one that comes first in the list is preferred. */
export async function findOwnComment(
  repository: Repository,
  issue: number,
  markers: readonly Marker[],
  own: { readonly botLogin: string; readonly since?: string },
): Promise<OwnComment | null> {
  const comments = await ownComments(repository, issue, own);
  for (const marker of markers) {
    const found = comments.findLast(({ body }) => hasMarker(body, marker));
    if (found !== undefined) return { id: found.id, url: found.html_url, body: found.body ?? "", marker };
  }
  return null;
}

/** This app's own comments in a thread, oldest first: one call for every hundred comments. */
export async function ownComments(
  repository: Repository,
  issue: number,
  own: { readonly botLogin: string; readonly since?: string },
) {
  const comments = await repository.octokit.paginate(repository.octokit.rest.issues.listComments, {
    ...at(repository),
    issue_number: issue,
    per_page: 100,
    ...(own.since === undefined ? {} : { since: own.since }),
  });
  return comments.filter(({ user }) => user?.login === own.botLogin);
}

/** An answer of this app's by the id of its comment; null when that is none. */
export async function readAnswer(
  repository: Repository,
  comment: number,
  botLogin: string,
): Promise<OwnComment | null> {
  try {
    const { data } = await repository.octokit.rest.issues.getComment({ ...at(repository), comment_id: comment });
    const key = data.user?.login === botLogin ? readMarker(data.body, "reply") : null;
    const marker: Marker = { kind: "reply", key: key ?? "" };
    return key === null ? null : { id: data.id, url: data.html_url, body: data.body ?? "", marker };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Writes a comment that bears a marker, once, although the answer to the call may be lost. Returns its id. */
export function writeComment(
  repository: Repository,
  issue: number,
  marker: Marker,
  body: string,
  botLogin: () => Promise<string>,
): Promise<number> {
  return sendOnce(
    async () => {
      const { data } = await repository.octokit.rest.issues.createComment({
        ...at(repository),
        issue_number: issue,
        body: markedBody(marker, body),
      });
      return data.id;
    },
    async () => (await findComment(repository, issue, marker, { botLogin: await botLogin() }))?.id ?? null,
  );
}

/** Replaces a comment of this app's, marker and all. */
export async function editComment(
  repository: Repository,
  comment: number,
  marker: Marker,
  body: string,
): Promise<void> {
  await sendIdempotent(() =>
    repository.octokit.rest.issues.updateComment({
      ...at(repository),
      comment_id: comment,
      body: markedBody(marker, body),
    }),
  );
}
