import type { Configuration } from "../config/schema.ts";
import { isOwnMessage } from "../github/commit-message.ts";
import type { Repository } from "../github/repository.ts";
import { CONFIGURATION_PATH } from "../github/snapshot.ts";
import type { PushPayload } from "./payload.ts";

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
