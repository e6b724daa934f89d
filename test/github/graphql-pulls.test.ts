import { describe, expect } from "vitest";
import type { AppClient } from "./app-client.ts";
import { test } from "./contract-test.ts";
import type { LocalGitHub } from "./local-github.ts";

const ask = (client: AppClient, query: string, variables: object = {}) =>
  client.call("POST", "/graphql", { query, variables });

const DAY = "2026-02-18";

function batch(github: LocalGitHub, repo: string, name: string, createdAt: string, merged: boolean): number {
  return github.importPullRequest(repo, {
    title: `add ${name}`,
    body: `batch_id: ${name}`,
    branch: `batch/${name}`,
    message: `add ${name}\n\nbatch_id: ${name}`,
    files: { [`recipes/${name}.toml`]: "1\n" },
    author: "olga",
    createdAt,
    squash: merged ? { message: `squash of ${name}`, date: createdAt } : null,
  });
}

describe("search", () => {
  const SEARCH = `query ($query: String!, $after: String) { search(type: ISSUE, query: $query, first: 1, after: $after) {
    issueCount pageInfo { hasNextPage endCursor } nodes { ... on PullRequest { number state } } } }`;
  const search = async (client: AppClient, query: string, after?: unknown) =>
    (await ask(client, SEARCH, { query: `repo:acme/recipes is:pr ${query}`, after })).at("data", "search");

  test("finds pull requests by the beginning of their branch, by day and by words, newest first", async ({
    client,
    github,
    repo,
  }) => {
    const first = batch(github, repo, "one", `${DAY}T01:00:00Z`, true);
    const second = batch(github, repo, "two", `${DAY}T02:00:00Z`, false);
    batch(github, repo, "three", "2026-02-20T00:00:00Z", true);
    const found = await search(client, `head:batch/ created:2026-02-17..${DAY}`);
    expect(found).toMatchObject({
      issueCount: 2,
      nodes: [{ number: second, state: "CLOSED" }],
      pageInfo: { hasNextPage: true },
    });
    const { endCursor } = Object(Reflect.get(Object(found), "pageInfo"));
    expect(await search(client, `head:batch/ created:2026-02-17..${DAY}`, endCursor)).toMatchObject({
      nodes: [{ number: first, state: "MERGED" }],
      pageInfo: { hasNextPage: false },
    });
    expect(await search(client, `in:title,body "batch_id: two"`)).toMatchObject({ nodes: [{ number: second }] });
    expect(await search(client, "is:merged head:batch/tw")).toMatchObject({ issueCount: 0 });
  });
});

test("a pull request keeps the messages of its commits when the squash drops them, and names what merged it", async ({
  client,
  github,
  repo,
}) => {
  const number = batch(github, repo, "one", `${DAY}T01:00:00Z`, true);
  const query = `{ repository(owner: "acme", name: "recipes") { pullRequest(number: ${number}) {
    headRefName mergedAt commits(first: 5) { totalCount nodes { commit { message } } } files(first: 5) { totalCount nodes { path changeType } }
    mergeCommit { message file(path: "recipes") { type } parents(first: 1) { totalCount nodes { oid } } changedFilesIfAvailable
      associatedPullRequests(first: 1) { nodes { number } } } } } }`;
  expect((await ask(client, query)).at("data", "repository", "pullRequest")).toMatchObject({
    headRefName: "batch/one",
    mergedAt: `${DAY}T01:00:00Z`,
    commits: { totalCount: 1, nodes: [{ commit: { message: "add one\n\nbatch_id: one" } }] },
    files: { totalCount: 1, nodes: [{ path: "recipes/one.toml", changeType: "ADDED" }] },
    mergeCommit: {
      message: "squash of one",
      file: { type: "tree" },
      parents: { totalCount: 1 },
      changedFilesIfAvailable: 1,
      associatedPullRequests: { nodes: [{ number }] },
    },
  });
});

test("a history is bounded by time on both sides", async ({ client, github, repo }) => {
  for (const day of ["01", "02", "03"]) {
    const date = `2027-01-${day}T00:00:00Z`;
    github.importCommit(repo, { files: { a: day }, message: day, date, author: "olga" });
  }
  const query = `{ repository(owner: "acme", name: "recipes") { defaultBranchRef { target { ... on Commit {
    history(first: 5, path: "a", since: "2027-01-02T00:00:00Z", until: "2027-01-02T12:00:00Z") { nodes { message } } } } } } }`;
  const history = (await ask(client, query)).at("data", "repository", "defaultBranchRef", "target", "history");
  expect(history).toEqual({ nodes: [{ message: "02" }] });
});

describe("one mutation of several fields", () => {
  const OPEN = `mutation ($id: ID!, $oid: GitObjectID!) {
    createRef(input: { repositoryId: $id, name: "refs/heads/topic", oid: $oid }) { ref { name } }
    createPullRequest(input: { repositoryId: $id, headRefName: "topic", baseRefName: "main", title: "t" }) { pullRequest { number baseRefOid headRefOid } } }`;

  test("makes a branch and opens its pull request, in this order; the second time both are refused", async ({
    client,
    github,
    repo,
  }) => {
    const main = github.branches(repo).main;
    const oid = github.pushAs("olga", repo, "elsewhere", { x: "1" }, "topic");
    const id = (await ask(client, `{ repository(owner: "acme", name: "recipes") { id } }`)).at(
      "data",
      "repository",
      "id",
    );
    const opened = await ask(client, OPEN, { id, oid });
    expect(opened.at("data", "createPullRequest", "pullRequest")).toMatchObject({ baseRefOid: main, headRefOid: oid });
    const again = await ask(client, OPEN, { id, oid });
    expect(again.body).toMatchObject({
      data: { createRef: null, createPullRequest: null },
      errors: [
        { path: ["createRef"], message: expect.stringContaining("already exists") },
        { path: ["createPullRequest"], message: "A pull request already exists for acme:topic." },
      ],
    });
  });

  test("labels a pull request and asks for reviews", async ({ client, github, repo }) => {
    github.pushAs("olga", repo, "topic", { x: "1" }, "topic");
    const pull = await client.call("POST", `/repos/${repo}/pulls`, { title: "t", head: "topic", base: "main" });
    await github.openIssueAs("olga", repo, { title: "i", labels: ["batchkeeper"] });
    const label = `{ repository(owner: "acme", name: "recipes") { label(name: "batchkeeper") { id } none: label(name: "none") { id } } }`;
    const found = (await ask(client, label)).at("data", "repository");
    expect(found).toMatchObject({ none: null });
    const user = (await client.call("GET", `/repos/${repo}/collaborators?permission=push`)).at(1, "node_id");
    const mutation = `mutation ($pull: ID!, $label: ID!, $user: ID!) {
      addLabelsToLabelable(input: { labelableId: $pull, labelIds: [$label] }) { clientMutationId }
      requestReviews(input: { pullRequestId: $pull, userIds: [$user], union: true }) { clientMutationId } }`;
    const labelId = Reflect.get(Object(Reflect.get(Object(found), "label")), "id");
    await ask(client, mutation, { pull: pull.at("node_id"), label: labelId, user });
    expect(github.pulls(repo)[0]).toMatchObject({ labels: ["batchkeeper"], reviewers: ["olga"] });
  });
});
