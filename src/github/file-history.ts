import { z } from "zod";
import { type Instant, parseInstant, printInstant } from "../domain/instant.ts";
import type { Repository } from "./repository.ts";

/** A file as a commit of the default branch left it. */
interface FileVersion {
  /** The commit that made it. */
  readonly sha: string;
  readonly at: Instant;
  /** Null where the commit took it away, and for what is no text. */
  readonly text: string | null;
}

/** Some versions of a file, newest first. */
interface FileHistory {
  readonly versions: readonly FileVersion[];
  /** From where on the versions before these can be read; null when there are none. */
  readonly next: string | null;
}

/** Which versions are read. */
interface Stretch {
  readonly path: string;
  /** How many at most. */
  readonly first: number;
  /** Default from the beginning. */
  readonly since?: Instant;
  /** The `next` of the page before. */
  readonly after?: string | null;
}

const QUERY = `query FileHistory($owner: String!, $name: String!, $path: String!, $first: Int!, $since: GitTimestamp, $after: String) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: $first, after: $after, path: $path, since: $since) {
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

/** Reads versions of a file on the default branch: one GraphQL call. */
export async function fileHistory(
  repository: Repository,
  { path, first, since, after = null }: Stretch,
): Promise<FileHistory> {
  const data: unknown = await repository.octokit.graphql(QUERY, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    path,
    first,
    ...(since === undefined ? {} : { since: printInstant(since) }),
    after,
  });
  const { nodes, pageInfo } = answer.parse(data).repository.defaultBranchRef.target.history;
  const versions = nodes.flatMap(({ oid, committedDate, file }) => {
    const at = parseInstant(committedDate);
    return at === null ? [] : [{ sha: oid, at, text: file?.object?.text ?? null }];
  });
  return { versions, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}
