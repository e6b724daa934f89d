import type { Hold } from "../domain/holds/hold.ts";
import { printInstant } from "../domain/instant.ts";
import { editComment, findComment, readAnswer, writeComment } from "./comment.ts";
import { commentOnCommit } from "./commit-comment.ts";
import { isMissing, statusOf } from "./failure.ts";
import type { Marker } from "./marker.ts";
import type { Repository } from "./repository.ts";

/** Whose words are looked for. */
interface Own {
  readonly botLogin: () => Promise<string>;
}

/** Says something in an issue or a pull request, once. Where nobody can be told any more, nobody is. */
export async function tellOnce(
  repository: Repository,
  issue: number,
  marker: Marker,
  text: string,
  { botLogin }: Own,
): Promise<void> {
  await whereAnybodyIs(async () => {
    const said = await findComment(repository, issue, marker, { botLogin: await botLogin() });
    if (said === null) await writeComment(repository, issue, marker, text, botLogin);
  });
}

/** Whether something was said in an issue or a pull request: one call. Where there is no such thread, nothing was. */
export async function wasTold(
  repository: Repository,
  issue: number,
  marker: Marker,
  { botLogin }: Own,
): Promise<boolean> {
  const own = { botLogin: await botLogin() };
  return (await whereAnybodyIs(() => findComment(repository, issue, marker, own))) != null;
}

/** Says something where a hold was asked for: in the thread of its comment, or below the commit that made it by hand. */
export async function tellHolder(
  repository: Repository,
  { source }: Hold,
  marker: Marker,
  text: string,
  services: Own,
): Promise<void> {
  const thread = threadOf(repository, source);
  if (thread !== null) return tellOnce(repository, thread, marker, text, services);
  const commit = commitOf(repository, source);
  if (commit === null) return;
  await whereAnybodyIs(() => commentOnCommit(repository, commit, marker, text, services.botLogin));
}

/**
 * Adds a line to the answer to the command that asked for a hold, once; nothing where it was asked for otherwise.
 *
 * @param line `text` is what it is found by, `prefix` what stands before it, such as the time
 */
export async function addToAnswer(
  repository: Repository,
  { source, at }: Pick<Hold, "source" | "at">,
  line: { readonly prefix: string; readonly text: string },
  { botLogin }: Own,
): Promise<void> {
  const thread = threadOf(repository, source);
  const comment = /#issuecomment-(\d+)$/.exec(source)?.[1];
  if (thread === null || comment === undefined) return;
  const marker: Marker = { kind: "reply", key: comment };
  await whereAnybodyIs(async () => {
    const own = { botLogin: await botLogin(), since: printInstant(at) };
    // A tick on the dashboard was asked for in its answer itself.
    const answer =
      (await findComment(repository, thread, marker, own)) ??
      (await readAnswer(repository, Number(comment), own.botLogin));
    if (answer === null || answer.body.includes(line.text)) return;
    // The marker is the first line, and is written anew.
    const said = answer.body.slice(answer.body.indexOf("\n") + 1);
    await editComment(repository, answer.id, answer.marker, `${said}\n\n${line.prefix}${line.text}`);
  });
}

/** The number of the issue or pull request that a comment of this repository is on; null for any other address. */
export function threadOf({ url }: Repository, comment: string): number | null {
  const path = comment.startsWith(`${url}/`) ? comment.slice(url.length) : "";
  const number = /^\/(?:issues|pull)\/(\d{1,15})(?:#|$)/.exec(path)?.[1];
  return number === undefined ? null : Number(number);
}

function commitOf({ url }: Repository, address: string): string | null {
  const path = address.startsWith(`${url}/`) ? address.slice(url.length) : "";
  return /^\/commit\/([0-9a-f]{40})$/.exec(path)?.[1] ?? null;
}

async function whereAnybodyIs<T>(speak: () => Promise<T>): Promise<T | undefined> {
  try {
    return await speak();
  } catch (error) {
    // Deleted, transferred or locked since: there is nobody there to tell.
    if (!isMissing(error) && statusOf(error) !== 403) throw error;
    return undefined;
  }
}
