import { isDirectMessage, isOwnMessage } from "./commit-message.ts";
import { readFileAt } from "./file-version.ts";
import type { Repository } from "./repository.ts";
import type { ControlCommit, Snapshot } from "./snapshot.ts";

/** Whether a version of the control file shows a trace of something; null is a version without a file. */
export type Trace = (text: string | null) => boolean;

/**
 * The commit that left each trace which the present version shows: of those that others made, the first from which on every
 * version shows it. A commit of ours left none, unless it was merged: then a change of others may have come in between.
 * Usually one version is read, or none. Null when nothing is known of the file's commits.
 */
export async function culpritsOf(
  { recent }: Snapshot,
  { repository, path }: { readonly repository: Repository; readonly path: string },
  traces: readonly Trace[],
): Promise<readonly (ControlCommit | null)[]> {
  const first = recent.findIndex(({ message }) => !isOwnMessage(message));
  const [newest, ...older] = first === -1 ? recent : recent.slice(first);
  const culprits = traces.map(() => newest ?? null);
  let unexplained = [...traces.entries()];
  for (const commit of older) {
    if (unexplained.length === 0 || isDirectMessage(commit.message)) break;
    const version = await readFileAt(repository, path, commit.sha);
    unexplained = unexplained.filter(([, isIn]) => isIn(version?.text ?? null));
    if (!isOwnMessage(commit.message)) for (const [index] of unexplained) culprits[index] = commit;
  }
  return culprits;
}
