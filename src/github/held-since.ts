import { z } from "zod";
import { readControlFile } from "../domain/control/control-file.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { type Instant, parseInstant, SECOND } from "../domain/instant.ts";
import type { Repository } from "./repository.ts";

/** A file may have 64 KB, and it is seldom changed twice while one event waits. */
const MOST_VERSIONS = 20;

const QUERY = `query HeldSince($owner: String!, $name: String!, $path: String!) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: ${MOST_VERSIONS}, path: $path) {
            nodes { committedDate file(path: $path) { object { ... on Blob { text } } } }
          }
        }
      }
    }
  }
}`;

const version = z.object({
  committedDate: z.string(),
  file: z.object({ object: z.object({ text: z.string().nullish() }).nullable() }).nullable(),
});
const answer = z.object({
  repository: z.object({
    defaultBranchRef: z.object({ target: z.object({ history: z.object({ nodes: z.array(version) }) }) }),
  }),
});

/**
 * The holds that stood on the default branch at a moment or since, those included that were lifted meanwhile. GitHub dates commits to the
 * second, so that all of that second counts. One GraphQL call; of a file that was changed more than twenty times since, what
 * those versions have.
 */
export async function heldSince(repository: Repository, path: string, moment: Instant): Promise<readonly Hold[]> {
  const data: unknown = await repository.octokit.graphql(QUERY, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    path,
  });
  const versions = answer.parse(data).repository.defaultBranchRef.target.history.nodes;
  const second = Math.floor(moment / SECOND) * SECOND;
  const inForce = versions.findIndex(({ committedDate }) => (parseInstant(committedDate) ?? 0) < second);
  const since = inForce === -1 ? versions : versions.slice(0, inForce + 1);
  const holds = since.flatMap(({ file }) => holdsIn(file?.object?.text));
  return [...new Map(holds.map((hold) => [`${hold.id} ${hold.scope}`, hold])).values()];
}

function holdsIn(text: string | null | undefined): readonly Hold[] {
  const reading = text == null ? null : readControlFile(text);
  return reading?.kind === "readable" ? reading.file.control.holds : [];
}
