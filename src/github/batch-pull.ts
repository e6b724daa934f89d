import { z } from "zod";
import { batchClaim, batchEcosystems, type Claim } from "../domain/batches/batch-claim.ts";

/** How something reached the default branch: the tree of the recipes before and after. */
export interface Landing {
  /** The commit on the default branch. */
  readonly sha: string;
  /** ISO 8601. */
  readonly date: string;
  /** Commits that it was made from: two for a merge commit. */
  readonly parents: number;
  /** Tree of the folder of the recipes; null when there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A pull request that may have brought a batch. */
export interface BatchPull {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly branch: string;
  readonly state: "open" | "merged" | "closed";
  readonly createdAt: string;
  readonly mergedAt: string | null;
  readonly claim: Claim;
  readonly ecosystems: readonly string[];
  /** Headlines of its first commits, oldest first, and how many there are. */
  readonly headlines: readonly string[];
  readonly commits: number;
  /** Null while it is not merged, and when its commit is gone from the repository. */
  readonly landing: Landing | null;
}

/** A commit of the default branch that brought a batch without a pull request. */
export interface BatchCommit {
  readonly url: string;
  readonly headline: string;
  readonly claim: Claim;
  readonly landing: Landing;
}

/** The GraphQL fields that a `BatchPull` is read from; the query declares `$recipes: String!`. */
export const BATCH_PULL_FIELDS = `fragment landing on Commit {
  oid committedDate
  file(path: $recipes) { oid type }
  parents(first: 1) { totalCount nodes { file(path: $recipes) { oid type } } }
}
fragment batchPull on PullRequest {
  number url title body state headRefName baseRefName createdAt mergedAt
  commits(first: 10) { totalCount nodes { commit { message } } }
  mergeCommit { message ...landing }
}`;

const folder = z
  .object({ oid: z.string(), type: z.string() })
  .nullable()
  .transform((entry) => (entry?.type === "tree" ? entry.oid : null));

const landingFields = {
  oid: z.string(),
  committedDate: z.string(),
  file: folder,
  parents: z.object({ totalCount: z.number(), nodes: z.array(z.object({ file: folder })) }),
};
const landingShape = z.object(landingFields);

export const landing = landingShape.transform(landingOf);

function landingOf({ oid, committedDate, file, parents }: z.output<typeof landingShape>): Landing {
  const before = parents.nodes[0]?.file ?? null;
  return { sha: oid, date: committedDate, parents: parents.totalCount, before, after: file };
}

const STATE = { OPEN: "open", MERGED: "merged", CLOSED: "closed" } as const;

const pullShape = z.object({
  number: z.number(),
  url: z.string(),
  title: z.string(),
  body: z.string(),
  state: z.enum(["OPEN", "MERGED", "CLOSED"]),
  headRefName: z.string(),
  baseRefName: z.string(),
  createdAt: z.string(),
  mergedAt: z.string().nullable(),
  commits: z.object({
    totalCount: z.number(),
    nodes: z.array(z.object({ commit: z.object({ message: z.string() }) })),
  }),
  mergeCommit: z.object({ message: z.string(), ...landingFields }).nullable(),
});

/**
 * Reads pull requests onto the default branch; others bring nothing to it.
 *
 * @param branches how branches of batches begin
 */
export function batchPulls(repository: { readonly defaultBranch: string }, branches: string) {
  return z
    .array(pullShape)
    .transform((nodes) =>
      nodes
        .filter(({ baseRefName }) => baseRefName === repository.defaultBranch)
        .map((node) => batchPull(node, branches)),
    );
}

function batchPull(node: z.output<typeof pullShape>, branches: string): BatchPull {
  const { number, url, title, body, createdAt, mergedAt, commits, mergeCommit } = node;
  const messages = commits.nodes.map(({ commit }) => commit.message);
  const testimony = {
    title,
    body,
    branch: node.headRefName,
    messages: mergeCommit === null ? messages : [...messages, mergeCommit.message],
  };
  const claim = batchClaim(testimony, branches);
  return {
    number,
    url,
    title,
    branch: node.headRefName,
    state: STATE[node.state],
    createdAt,
    mergedAt,
    claim,
    ecosystems: batchEcosystems(testimony, claim),
    headlines: messages.map((message) => message.split("\n", 1)[0] ?? ""),
    commits: commits.totalCount,
    landing: mergeCommit === null ? null : landingOf(mergeCommit),
  };
}
