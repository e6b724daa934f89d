import { z } from "zod";

const PER_PAGE = 50;
const MOST_FILES = 100;

// Check runs of other apps may bear the same name: GitHub keeps them in suites of their own.
const GATED = `fragment gated on PullRequest {
  id number url title body state headRefName headRefOid baseRefName
  author { __typename login }
  files(first: ${MOST_FILES}) { totalCount nodes { path } }
  autoMergeRequest { mergeMethod commitHeadline commitBody }
  commits(last: 1) { nodes { commit {
    file(path: $results) { object { ... on Blob { text isTruncated } } }
    checkSuites(first: 5, filterBy: { appId: $app }) { nodes {
      checkRuns(first: 1, filterBy: { checkName: $check, checkType: LATEST }) { nodes { databaseId externalId conclusion } }
    } }
  } } }
}`;

/** What every query below takes. */
const VARIABLES = "$owner: String!, $name: String!, $app: Int!, $check: String!, $results: String!";

/** The open pull requests, a page of them. */
export const LIST = `query OpenPulls(${VARIABLES}, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, first: ${PER_PAGE}, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { ...gated }
    }
  }
}
${GATED}`;

const nothing = z.null().transform(() => null);

const checkRun = z.object({
  databaseId: z.number(),
  externalId: z.string().nullish(),
  conclusion: z.string().nullish(),
});

const commit = z.object({
  file: z
    .object({ object: z.object({ text: z.string().nullish(), isTruncated: z.boolean().nullish() }).nullable() })
    .nullish(),
  // Null where the app may not read checks.
  checkSuites: z
    .object({ nodes: z.array(z.object({ checkRuns: z.object({ nodes: z.array(checkRun) }).nullable() })) })
    .nullish(),
});

/** A pull request as GitHub answers. */
export const pullNode = z.object({
  id: z.string(),
  number: z.number(),
  url: z.string(),
  title: z.string(),
  body: z.string(),
  state: z.enum(["OPEN", "MERGED", "CLOSED"]),
  headRefName: z.string(),
  headRefOid: z.string(),
  baseRefName: z.string(),
  author: z.object({ __typename: z.string(), login: z.string() }).nullable(),
  files: z.object({ totalCount: z.number(), nodes: z.array(z.object({ path: z.string() })) }).nullable(),
  autoMergeRequest: z
    .object({
      mergeMethod: z.enum(["MERGE", "SQUASH", "REBASE"]),
      commitHeadline: z.string().nullish(),
      commitBody: z.string().nullish(),
    })
    .nullable(),
  commits: z.object({ nodes: z.array(z.object({ commit })) }),
});

/** The answer to `LIST`. */
export const pullsPage = z.object({
  viewer: z.object({ login: z.string() }),
  repository: z.object({
    pullRequests: z.object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      nodes: z.array(z.union([pullNode, nothing])),
    }),
  }),
});

/** The answer to `singleQuery`. */
export const singlePulls = z.object({
  viewer: z.object({ login: z.string() }),
  repository: z.record(z.string(), z.union([pullNode, nothing])),
});

/** Some pull requests by their numbers, open or not. */
export function singleQuery(numbers: readonly number[]): string {
  const fields = numbers.map((number) => `p${number}: pullRequest(number: ${number}) { ...gated }`);
  return `query GatedPulls(${VARIABLES}) { viewer { login } repository(owner: $owner, name: $name) { ${fields.join(" ")} } }\n${GATED}`;
}
