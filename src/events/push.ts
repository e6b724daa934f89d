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
  const touched = touchedFiles(payload);
  return touched === null || touched.has(control_file) || touched.has(CONFIGURATION_PATH);
}

/**
 * The files that a push touched, but for what this app itself wrote. Null when the payload does not tell: GitHub lists at
 * most 2,048 commits, and a force push lists none of those that it removed.
 */
function touchedFiles({ commits, sender }: PushPayload): ReadonlySet<string> | null {
  if (commits.length === 0 || commits.length >= 2048) return null;
  const others = commits.filter(({ message }) => sender?.type !== "Bot" || !isOwnMessage(message));
  return new Set(others.flatMap(({ added, modified, removed }) => [...added, ...modified, ...removed]));
}
