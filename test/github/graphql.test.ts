import { describe, expect } from "vitest";
import type { ApiAnswer, AppClient } from "./app-client.ts";
import { payloads, test } from "./contract-test.ts";

const ask = (client: AppClient, query: string, variables: object = {}): Promise<ApiAnswer> =>
  client.call("POST", "/graphql", { query, variables });

describe("repository", () => {
  test("reads several files of one commit in one query", async ({ client, github, repo }) => {
    const blob = "{ __typename oid ... on Blob { text byteSize isBinary isTruncated } }";
    const answer = await ask(
      client,
      `query ($owner: String!, $name: String!) {
        repository(owner: $owner, name: $name) {
          id nameWithOwner isArchived defaultBranchRef { name target { oid } }
          control: object(expression: "HEAD:control.json") ${blob}
          recipe: object(expression: "main:recipes/jq.toml") ${blob}
          missing: object(expression: "HEAD:nope") ${blob}
          folder: object(expression: "HEAD:recipes") { __typename ... on Tree { entries { name type } } }
        }
      }`,
      { owner: "acme", name: "recipes" },
    );
    const oid = (await client.call("GET", `/repos/${repo}/contents/control.json`)).at("sha");
    expect(answer.body).toEqual({
      data: {
        repository: {
          id: expect.any(String),
          nameWithOwner: repo,
          isArchived: false,
          defaultBranchRef: { name: "main", target: { oid: github.branches(repo).main } },
          control: { __typename: "Blob", oid, text: "{}\n", byteSize: 3, isBinary: false, isTruncated: false },
          recipe: expect.objectContaining({ text: 'version = "1.7"\n' }),
          missing: null,
          folder: { __typename: "Tree", entries: [{ name: "jq.toml", type: "blob" }] },
        },
      },
    });
  });

  test("cuts the text of a blob over 512,000 bytes and says so", async ({ client, github, repo }) => {
    github.pushAs("olga", repo, "main", { "big.txt": "x".repeat(512_001) }, "big");
    const query = `{ repository(owner: "acme", name: "recipes") { object(expression: "HEAD:big.txt") {
      ... on Blob { text byteSize isTruncated } } } }`;
    expect((await ask(client, query)).at("data", "repository", "object")).toEqual({
      byteSize: 512_001,
      isTruncated: true,
      text: "x".repeat(512_000),
    });
  });

  test("reads the history of a path with its authors, page by page", async ({ client, github }) => {
    github.pushAs("olga", "acme/recipes", "main", { "control.json": "1" }, "first\n\nbody");
    github.pushAs("olga", "acme/recipes", "main", { "other.txt": "1" }, "unrelated");
    const query = `query ($after: String) { repository(owner: "acme", name: "recipes") { defaultBranchRef { target {
      ... on Commit { history(first: 1, after: $after, path: "control.json") {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { oid message messageHeadline committedDate author { name user { login } } } } } } } } }`;
    const read = async (after?: unknown) =>
      (await ask(client, query, { after })).at("data", "repository", "defaultBranchRef", "target", "history");
    const first = await read();
    expect(first).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
      nodes: [{ message: "first\n\nbody", messageHeadline: "first", author: { user: { login: "olga" } } }],
    });
    const { endCursor } = Object(Reflect.get(Object(first), "pageInfo"));
    expect(await read(endCursor)).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [{ message: "Initial commit" }],
    });
  });

  test("that is missing is null with a NOT_FOUND error, HTTP 200", async ({ client }) => {
    expect(await ask(client, `{ repository(owner: "acme", name: "nope") { id } }`)).toMatchObject({
      status: 200,
      body: {
        data: { repository: null },
        errors: [
          {
            type: "NOT_FOUND",
            path: ["repository"],
            message: "Could not resolve to a Repository with the name 'acme/nope'.",
          },
        ],
      },
    });
  });

  test("refuses a field that GitHub's schema does not have", async ({ client }) => {
    const { body } = await ask(client, `{ repository(owner: "acme", name: "recipes") { stars } }`);
    expect(body).toMatchObject({ errors: [{ message: expect.stringContaining('Cannot query field "stars"') }] });
  });
});

describe("createCommitOnBranch", () => {
  const MUTATION = `mutation ($input: CreateCommitOnBranchInput!) {
    createCommitOnBranch(input: $input) { commit { oid url } ref { name } } }`;
  const input = (expectedHeadOid: string | undefined, repo: string) => ({
    branch: { repositoryNameWithOwner: repo, branchName: "main" },
    expectedHeadOid,
    message: { headline: "rollback", body: "Requested-By: olga" },
    fileChanges: {
      additions: [{ path: "a/b.txt", contents: Buffer.from("b\n").toString("base64") }],
      deletions: [{ path: "recipes/jq.toml" }],
    },
  });

  test("commits additions and deletions at once, signed, and pushes", async ({ client, github, repo }) => {
    const answer = await ask(client, MUTATION, { input: input(github.branches(repo).main, repo) });
    const { main } = github.branches(repo);
    expect(answer.at("data", "createCommitOnBranch")).toMatchObject({ commit: { oid: main }, ref: { name: "main" } });
    expect(github.commits(repo)[0]).toMatchObject({
      author: "batchkeeper[bot]",
      verified: true,
      message: "rollback\n\nRequested-By: olga",
      files: ["a/b.txt", "recipes/jq.toml"],
    });
    await github.idle();
    expect(payloads(github, "push")).toMatchObject([{ after: main }]);
  });

  test("with a stale head is STALE_DATA and changes nothing", async ({ client, github, repo }) => {
    const stale = github.branches(repo).main;
    const main = github.pushAs("olga", repo, "main", { x: "1" }, "raced");
    expect((await ask(client, MUTATION, { input: input(stale, repo) })).body).toMatchObject({
      data: { createCommitOnBranch: null },
      errors: [
        {
          type: "STALE_DATA",
          path: ["createCommitOnBranch"],
          message: `Expected branch to point to "${stale}" but it did not. Pull and try again.`,
        },
      ],
    });
    expect(github.branches(repo).main).toBe(main);
  });

  test("is refused on a protected branch and without contents: write", async ({ client, github, repo }) => {
    const variables = { input: input(github.branches(repo).main, repo) };
    github.protect(repo, "main", { requirePullRequest: true });
    const refused = await ask(client, MUTATION, variables);
    expect(refused.at("errors", 0, "message")).toMatch(/^Repository rule violations found/);
    github.setPermissions({ metadata: "read", contents: "read" });
    expect((await ask(client, MUTATION, variables)).body).toMatchObject({ errors: [{ type: "FORBIDDEN" }] });
  });
});

test("GraphQL needs a token", async ({ client }) => {
  const body = { query: "{ viewer { login } }" };
  expect((await client.as("", "POST", "/graphql", body)).status).toBe(401);
});
