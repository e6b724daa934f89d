import { type PastVersion, readPastVersion } from "../domain/control/past-version.ts";
import type { Instant } from "../domain/instant.ts";
import { fileHistory } from "./file-history.ts";
import type { Repository } from "./repository.ts";

/** Some versions of a control file, newest first. */
interface HistoryPage {
  readonly versions: readonly PastVersion[];
  /** From where on the versions before these can be read; null when there are none. */
  readonly next: string | null;
}

/** A file may have 64 KB: an answer of this many stays within a few megabytes. */
const PER_PAGE = 50;

/** Reads versions of the control file since a moment: one GraphQL call. What cannot be read is left out. */
export async function readHistory(
  repository: Repository,
  page: { readonly path: string; readonly since: Instant; readonly after: string | null },
): Promise<HistoryPage> {
  const { versions, next } = await fileHistory(repository, { ...page, first: PER_PAGE });
  return {
    versions: versions.flatMap(({ text, ...commit }) => (text === null ? [] : (readPastVersion(commit, text) ?? []))),
    next,
  };
}
