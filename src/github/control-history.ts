import { z } from "zod";
import { type PastVersion, readPastVersion } from "../domain/control/past-version.ts";
import { type Instant, parseInstant, printInstant } from "../domain/instant.ts";
import type { Repository } from "./repository.ts";

/** Some versions of a control file, newest first. */
interface HistoryPage {
  readonly versions: readonly PastVersion[];
  /** From where on the versions before these can be read; null when there are none. */
  readonly next: string | null;
}

/** A file may have 64 KB: an answer of this many stays within a few megabytes. */
const PER_PAGE = 50;

const QUERY = `query ControlHistory($owner: String!, $name: String!, $path: String!, $since: GitTimestamp!, $after: String) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: ${PER_PAGE}, after: $after, path: $path, since: $since) {
            nodes { oid committedDate file(path: $path) { object { ... on Blob { text } } } }
            pageInfo { hasNextPage endCursor }
          }
        }
      }
    }
  }
}`;

const answer = z.object({
  repository: z.object({
    defaultBranchRef: z.object({
      target: z.object({
        history: z.object({
          nodes: z.array(
            z.object({
              oid: z.string(),
              committedDate: z.string(),
              file: z.object({ object: z.object({ text: z.string().nullish() }).nullable() }).nullable(),
            }),
          ),
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        }),
      }),
    }),
  }),
});

/** Reads versions of the control file since a moment: one GraphQL call. What cannot be read is left out. */
export async function readHistory(
  repository: Repository,
  { path, since, after }: { readonly path: string; readonly since: Instant; readonly after: string | null },
): Promise<HistoryPage> {
  const data: unknown = await repository.octokit.graphql(QUERY, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    path,
    since: printInstant(since),
    after,
  });
  const { nodes, pageInfo } = answer.parse(data).repository.defaultBranchRef.target.history;
  const versions = nodes.flatMap(({ oid, committedDate, file }) => {
    const at = parseInstant(committedDate);
    const text = file?.object?.text;
    const version = at === null || typeof text !== "string" ? null : readPastVersion({ sha: oid, at }, text);
    return version === null ? [] : [version];
  });
  return { versions, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}
