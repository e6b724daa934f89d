import type { Configuration } from "../config/schema.ts";
import { eventsOf, isOwnMessage } from "../github/commit-message.ts";
import type { Repository } from "../github/repository.ts";
import { CONFIGURATION_PATH } from "../github/snapshot.ts";
import type { PushPayload } from "./payload.ts";

/**
 * Whether a push changed the control file on the default branch by commits of this app's of which somebody has yet to do what
 * follows.
 */
export function hasNewsOfOurs(
  { ref, commits }: PushPayload,
  { defaultBranch }: Repository,
  isFollowed: (events: readonly string[]) => boolean,
): boolean {
  return (
    ref === `refs/heads/${defaultBranch}` &&
    commits.some(({ message }) => isOwnMessage(message) && !isFollowed(eventsOf(message)))
  );
}

/** Whether a push may have changed the control file or the configuration on the default branch, other than by us. */
export function mayConcernUs(
  payload: PushPayload,
  { defaultBranch }: Repository,
  { control_file }: Configuration,
): boolean {
  if (payload.deleted || payload.ref !== `refs/heads/${defaultBranch}`) return false;
  const isOurs = ({ message }: PushPayload["commits"][number]) =>
    payload.sender?.type === "Bot" && isOwnMessage(message);
  const touched = touchedFiles(payload, (commit) => !isOurs(commit));
  return touched === null || touched.has(control_file) || touched.has(CONFIGURATION_PATH);
}

/** GitHub lists at most so many commits of a push. */
export const MOST_LISTED = 2048;

/**
 * The files that a push touched. Null when the payload does not tell: GitHub lists no more than so many commits, and a force
 * push lists none of those that it removed.
 *
 * @param isMeant of which of its commits, if not of all
 */
export function touchedFiles(
  { commits }: PushPayload,
  isMeant: (commit: PushPayload["commits"][number]) => boolean = () => true,
): ReadonlySet<string> | null {
  if (commits.length === 0 || commits.length >= MOST_LISTED) return null;
  return new Set(commits.filter(isMeant).flatMap(filesOf));
}

/** The files that a commit touched. */
export function filesOf({ added, modified, removed }: PushPayload["commits"][number]): readonly string[] {
  return [...added, ...modified, ...removed];
}
