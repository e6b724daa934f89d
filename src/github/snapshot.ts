import { z } from "zod";
import { commitAuthor } from "./commit-author.ts";
import type { Repository } from "./repository.ts";

/** A file of the default branch: its text and blob sha, or why there is none to read. */
export type FileReading =
  | { readonly kind: "text"; readonly text: string; readonly sha: string }
  | { readonly kind: "missing" }
  | { readonly kind: "not-a-file" }
  | { readonly kind: "too-large"; readonly bytes: number }
  | { readonly kind: "not-text" };

/** A commit of the default branch that changed the control file. */
export interface ControlCommit {
  readonly sha: string;
  readonly url: string;
  readonly message: string;
  /** ISO 8601 with a zone. */
  readonly date: string;
  /** Login of the author, or the name in the commit when it belongs to no account. */
  readonly author: string;
}

/** What every decision needs, at one commit of the default branch. */
export interface Snapshot {
  /** This app's own login. */
  readonly viewer: string;
  readonly head: string;
  /** The tree of `head`: what a commit on top of it is made from. */
  readonly tree: string;
  readonly control: FileReading;
  readonly configuration: FileReading;
  /** The latest commits that changed the control file, newest first, and how many there are in all. */
  readonly recent: readonly ControlCommit[];
  readonly versions: number;
  /** How many pull requests are open: where there are none, nothing more has to be asked about them. */
  readonly openPulls: number;
}

export const CONFIGURATION_PATH = ".github/batchkeeper.yml";

/** GitHub shows no more bytes of a file than this; what is longer cannot be read, and must never be written. */
export const LARGEST_FILE = 512_000;

// REST would need three calls (contents, contents, ref) that another writer can get between. GitHub cuts `text` of blobs
// over 512,000 bytes and says so with isTruncated; a control file of that size is refused, not half read.
const QUERY = `query RepositorySnapshot($owner: String!, $name: String!, $path: String!, $control: String!, $configuration: String!) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    defaultBranchRef {
      target {
        oid
        ... on Commit {
          tree { oid }
          history(first: 20, path: $path) {
            totalCount
            nodes { oid url message committedDate author { name user { login } } }
          }
        }
      }
    }
    pullRequests(states: OPEN) { totalCount }
    control: object(expression: $control) { ...file }
    configuration: object(expression: $configuration) { ...file }
  }
}
fragment file on GitObject {
  __typename
  oid
  ... on Blob { text byteSize isBinary isTruncated }
}`;

const gitObject = z
  .object({
    __typename: z.string(),
    oid: z.string(),
    text: z.string().nullish(),
    byteSize: z.number().optional(),
    isBinary: z.boolean().nullish(),
    isTruncated: z.boolean().optional(),
  })
  .nullable();

const controlCommit = z
  .object({
    oid: z.string(),
    url: z.string(),
    message: z.string(),
    committedDate: z.string(),
    author: commitAuthor,
  })
  .transform(
    ({ oid, url, message, committedDate, author }): ControlCommit => ({
      sha: oid,
      url,
      message,
      date: committedDate,
      author,
    }),
  );

const answer = z.object({
  viewer: z.object({ login: z.string() }),
  repository: z.object({
    defaultBranchRef: z
      .object({
        target: z.object({
          oid: z.string(),
          tree: z.object({ oid: z.string() }),
          history: z.object({ totalCount: z.number(), nodes: z.array(controlCommit) }),
        }),
      })
      .nullable(),
    pullRequests: z.object({ totalCount: z.number() }),
    control: gitObject,
    configuration: gitObject,
  }),
});

/**
 * Reads the control file and the configuration of the default branch in one GraphQL call.
 * @throws {EmptyRepository} when the repository has no commit yet; GitHub's own errors, and zod's for an answer of another
 * shape.
 */
export async function readSnapshot(repository: Repository, controlPath: string): Promise<Snapshot> {
  const data: unknown = await repository.octokit.graphql(QUERY, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    path: controlPath,
    control: `HEAD:${controlPath}`,
    configuration: `HEAD:${CONFIGURATION_PATH}`,
  });
  const { viewer, repository: shown } = answer.parse(data);
  const { defaultBranchRef, pullRequests, control, configuration } = shown;
  if (defaultBranchRef === null) throw new EmptyRepository(repository.fullName);
  const { oid, tree, history } = defaultBranchRef.target;
  return {
    viewer: viewer.login,
    head: oid,
    tree: tree.oid,
    control: fileReading(control),
    configuration: fileReading(configuration),
    recent: history.nodes,
    versions: history.totalCount,
    openPulls: pullRequests.totalCount,
  };
}

function fileReading(object: z.output<typeof gitObject>): FileReading {
  if (object === null) return { kind: "missing" };
  if (object.__typename !== "Blob") return { kind: "not-a-file" };
  if (object.isTruncated) return { kind: "too-large", bytes: object.byteSize ?? 0 };
  if (object.isBinary || typeof object.text !== "string") return { kind: "not-text" };
  return { kind: "text", text: object.text, sha: object.oid };
}

/** The repository has no default branch with a commit, so there is nothing to read and nowhere to write. */
class EmptyRepository extends Error {
  override readonly name = "EmptyRepository";
  constructor(fullName: string) {
    super(`${fullName} has no commit on its default branch`);
  }
}
