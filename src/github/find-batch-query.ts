import { z } from "zod";
import { BATCH_PULL_FIELDS, batchPulls, landing } from "./batch-pull.ts";
import type { Repository } from "./repository.ts";
import { ROLLBACK_PULL_FIELDS, rollbackPulls } from "./rollback-history.ts";

/** Commits or pull requests that one call lists: GitHub ends calls after ten seconds, and each of these is looked into. */
const PAGE = 50;

const COMMIT_FIELDS = `fragment commits on CommitHistoryConnection {
  nodes { message messageHeadline url ...landing associatedPullRequests(first: 1) { nodes { ...batchPull } } }
  pageInfo { hasNextPage endCursor }
}`;

/** Finds a batch: by the history of the default branch, by two searches, and what took it back by its branch. */
export const FIND = `query FindBatch($owner: String!, $name: String!, $recipes: String!, $since: GitTimestamp!, $until: GitTimestamp!, $byBranch: String!, $byText: String!, $rollback: String!, $undo: String!, $label: String!) {
  repository(owner: $owner, name: $name) {
    id
    label(name: $label) { id }
    defaultBranchRef {
      target {
        oid
        ... on Commit {
          tree { oid }
          file(path: $recipes) { oid type }
          history(first: ${PAGE}, path: $recipes, since: $since, until: $until) {
            ...commits
          }
        }
      }
    }
    rollbacks: pullRequests(headRefName: $rollback, first: 20, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...rollbackPull } }
    undos: pullRequests(headRefName: $undo, first: 20, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...rollbackPull } }
  }
  byBranch: search(type: ISSUE, query: $byBranch, first: ${PAGE}) { nodes { ...batchPull } pageInfo { hasNextPage endCursor } }
  byText: search(type: ISSUE, query: $byText, first: 30) { nodes { ...batchPull } }
}
${COMMIT_FIELDS}
${BATCH_PULL_FIELDS}
${ROLLBACK_PULL_FIELDS}`;

/** The next page of that history. */
export const MORE_COMMITS = `query MoreCommits($owner: String!, $name: String!, $recipes: String!, $head: GitObjectID!, $since: GitTimestamp!, $until: GitTimestamp!, $after: String!) {
  repository(owner: $owner, name: $name) {
    object(oid: $head) { ... on Commit { history(first: ${PAGE}, path: $recipes, since: $since, until: $until, after: $after) { ...commits } } }
  }
}
${COMMIT_FIELDS}
${BATCH_PULL_FIELDS}`;

/** The next page of the search by branches. */
export const MORE_PULLS = `query MorePulls($recipes: String!, $byBranch: String!, $after: String!) {
  byBranch: search(type: ISSUE, query: $byBranch, first: ${PAGE}, after: $after) { nodes { ...batchPull } pageInfo { hasNextPage endCursor } }
}
${BATCH_PULL_FIELDS}`;

const folder = z.object({ oid: z.string(), type: z.string() }).nullable();

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
export type PageInfo = z.output<typeof pageInfo>;

/** A page of a history. */
export function historyOf(repository: Repository, branches: string) {
  const commit = z.object({
    message: z.string(),
    messageHeadline: z.string(),
    url: z.string(),
    associatedPullRequests: z.object({ nodes: batchPulls(repository, branches) }),
  });
  return z.object({ nodes: z.array(commit.and(landing)), pageInfo });
}

/** A page of a search for pull requests. */
export function pagesOf(repository: Repository, branches: string) {
  return z.object({
    nodes: batchPulls(repository, branches),
    pageInfo,
  });
}

/** The answer to `FIND`. */
export function answerShape(repository: Repository, branches: string) {
  const pulls = batchPulls(repository, branches);
  return z.object({
    repository: z.object({
      id: z.string(),
      label: z.object({ id: z.string() }).nullable(),
      defaultBranchRef: z.object({
        target: z.object({
          oid: z.string(),
          tree: z.object({ oid: z.string() }),
          file: folder,
          history: historyOf(repository, branches),
        }),
      }),
      rollbacks: z.object({ nodes: rollbackPulls }),
      undos: z.object({ nodes: rollbackPulls }),
    }),
    byBranch: pagesOf(repository, branches),
    byText: z.object({ nodes: pulls }),
  });
}
