import { readControlFile } from "../domain/control/control-file.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { type Instant, wholeSeconds } from "../domain/instant.ts";
import { fileHistory } from "./file-history.ts";
import type { Repository } from "./repository.ts";

/** A file may have 64 KB, and it is seldom changed twice while one event waits. */
const MOST_VERSIONS = 20;

/**
 * The holds that stood on the default branch at a moment or since, those included that were lifted meanwhile. GitHub dates
 * commits to the second, so that all of that second counts. One GraphQL call; of a file that was changed more than twenty
 * times since, what those versions have.
 */
export async function heldSince(repository: Repository, path: string, moment: Instant): Promise<readonly Hold[]> {
  const { versions } = await fileHistory(repository, { path, first: MOST_VERSIONS });
  const inForce = versions.findIndex(({ at }) => at < wholeSeconds(moment));
  const since = inForce === -1 ? versions : versions.slice(0, inForce + 1);
  const holds = since.flatMap(({ text }) => holdsIn(text));
  return [...new Map(holds.map((hold) => [`${hold.id} ${hold.scope}`, hold])).values()];
}

function holdsIn(text: string | null): readonly Hold[] {
  const reading = text === null ? null : readControlFile(text);
  return reading?.kind === "readable" ? reading.file.control.holds : [];
}
