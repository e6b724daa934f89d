import { describe, expect } from "vitest";
import type { AppClient } from "./app-client.ts";
import { payloads, test } from "./contract-test.ts";
import type { LocalGitHub } from "./local-github.ts";

async function openPull(github: LocalGitHub, repo: string): Promise<{ readonly number: number; readonly sha: string }> {
  const sha = github.pushAs("olga", repo, "topic", { x: "1" }, "topic");
  return { number: await github.openPullAs("olga", repo, { title: "t", head: "topic" }), sha };
}

const graphql = (client: AppClient, query: string) => client.call("POST", "/graphql", { query });

describe("check runs", () => {
  test("are written by the app, and changed without becoming more", async ({ client, github, repo }) => {
    const { sha } = await openPull(github, repo);
    const check = await client.call("POST", `/repos/${repo}/check-runs`, { name: "gate", head_sha: sha });
    expect(check).toMatchObject({
      status: 201,
      body: { status: "queued", conclusion: null, app: { slug: "batchkeeper" } },
    });
    const end = { conclusion: "failure", external_id: "one", output: { title: "Held", summary: "by olga" } };
    const changed = await client.call("PATCH", `/repos/${repo}/check-runs/${check.at("id")}`, end);
    expect(changed).toMatchObject({
      status: 200,
      body: { id: check.at("id"), status: "completed", external_id: "one" },
    });
    expect(github.checks(repo, sha)).toMatchObject([{ name: "gate", conclusion: "failure", title: "Held" }]);
    await github.idle();
    expect(payloads(github, "check_run").map(({ action }) => action)).toEqual(["created", "completed"]);
  });

  test("are listed by name and app, the newest of each", async ({ client, github, repo }) => {
    const { sha } = await openPull(github, repo);
    for (const conclusion of ["failure", "success"]) {
      await client.call("POST", `/repos/${repo}/check-runs`, { name: "gate", head_sha: sha, conclusion });
    }
    await github.endCheck(repo, sha, "gate", "failure");
    const list = (query: string) => client.call("GET", `/repos/${repo}/commits/${sha}/check-runs?${query}`);
    expect((await list("check_name=gate")).at("total_count")).toBe(2);
    expect((await list("check_name=gate&app_id=4711")).at("check_runs", 0, "conclusion")).toBe("success");
    expect((await list("app_id=4711&filter=all")).at("total_count")).toBe(2);
    expect((await list("check_name=other")).at("total_count")).toBe(0);
  });

  test("are refused to people, for unknown commits, and half said", async ({ client, github, repo }) => {
    const { sha } = await openPull(github, repo);
    const { token } = github.createUser("olga");
    const path = `/repos/${repo}/check-runs`;
    expect((await client.as(token, "POST", path, { name: "gate", head_sha: sha })).status).toBe(403);
    expect((await client.call("POST", path, { name: "gate", head_sha: "0".repeat(40) })).status).toBe(422);
    expect((await client.call("POST", path, { head_sha: sha })).status).toBe(422);
    const half = { name: "gate", head_sha: sha, status: "completed" };
    expect((await client.call("POST", path, half)).status).toBe(422);
    expect((await client.call("POST", path, { ...half, conclusion: "failing" })).status).toBe(422);
  });

  test("are the app's own to change", async ({ client, github, repo }) => {
    const { sha } = await openPull(github, repo);
    await github.endCheck(repo, sha, "build", "failure");
    const [check] = github.checks(repo, sha);
    const change = { conclusion: "success" };
    expect((await client.call("PATCH", `/repos/${repo}/check-runs/${check?.id}`, change)).status).toBe(403);
  });

  test("are found by GraphQL with their suite, by app and name", async ({ client, github, repo }) => {
    const { sha, number } = await openPull(github, repo);
    await client.call("POST", `/repos/${repo}/check-runs`, {
      name: "gate",
      head_sha: sha,
      conclusion: "success",
      external_id: "x",
    });
    await github.endCheck(repo, sha, "gate", "failure");
    const query = `{ viewer { login } repository(owner: "acme", name: "recipes") { pullRequest(number: ${number}) {
      isCrossRepository author { __typename login } commits(last: 1) { nodes { commit {
        checkSuites(first: 5, filterBy: { appId: 4711 }) { nodes { checkRuns(first: 1, filterBy: { checkName: "gate", checkType: LATEST }) {
          nodes { databaseId conclusion externalId } } } } } } } } } }`;
    const answer = await graphql(client, query);
    expect(answer.at("data", "viewer", "login")).toBe("batchkeeper[bot]");
    expect(answer.at("data", "repository", "pullRequest")).toMatchObject({
      isCrossRepository: false,
      author: { __typename: "User", login: "olga" },
      commits: {
        nodes: [
          {
            commit: {
              checkSuites: { nodes: [{ checkRuns: { nodes: [{ conclusion: "SUCCESS", externalId: "x" }] } }] },
            },
          },
        ],
      },
    });
  });

  test("of a private repository are forbidden to who may not read them; the rest is answered", async ({
    client,
    github,
  }) => {
    const repo = github.createRepository({ owner: "acme", name: "hidden", private: true });
    github.setPermissions({ metadata: "read", contents: "write", pull_requests: "write" });
    github.pushAs("acme", repo, "topic", { x: "1" }, "topic");
    await github.openPullAs("acme", repo, { title: "t", head: "topic" });
    const query = `{ repository(owner: "acme", name: "hidden") { pullRequests(first: 5, states: OPEN) { nodes { number
      commits(last: 1) { nodes { commit { checkSuites(first: 1) { totalCount } } } } } } } }`;
    const answer = await graphql(client, query);
    expect(answer.at("errors", 0, "type")).toBe("FORBIDDEN");
    expect(answer.at("data", "repository", "pullRequests", "nodes", 0, "number")).toBe(1);
  });
});

describe("auto-merge", () => {
  const mutate = async (client: AppClient, id: unknown, mutation: string, fields = "") =>
    graphql(
      client,
      `mutation { ${mutation}PullRequestAutoMerge(input: { pullRequestId: "${id}" ${fields} }) { pullRequest { autoMergeRequest { mergeMethod commitHeadline commitBody } } } }`,
    );

  test("waits for what is required, and merges as it was asked to", async ({ client, github, repo }) => {
    github.protect(repo, "main", { requiredChecks: ["gate", "build"] });
    const { sha, number } = await openPull(github, repo);
    const id = (await client.call("GET", `/repos/${repo}/pulls/${number}`)).at("node_id");
    const enabled = await mutate(client, id, "enable", 'mergeMethod: SQUASH, commitHeadline: "h", commitBody: "b"');
    expect(enabled.at("data", "enablePullRequestAutoMerge", "pullRequest", "autoMergeRequest")).toEqual({
      mergeMethod: "SQUASH",
      commitHeadline: "h",
      commitBody: "b",
    });
    expect((await client.call("GET", `/repos/${repo}/pulls/${number}`)).at("auto_merge", "merge_method")).toBe(
      "squash",
    );
    await github.endCheck(repo, sha, "build", "success");
    expect(github.pulls(repo)).toMatchObject([{ merged: false, autoMerge: "squash" }]);
    await client.call("POST", `/repos/${repo}/check-runs`, { name: "gate", head_sha: sha, conclusion: "success" });
    expect(github.pulls(repo)).toMatchObject([{ merged: true, autoMerge: null }]);
    expect(github.commits(repo)[0]?.message).toBe("h\n\nb");
  });

  test("that is off does not merge, and cannot be taken back twice", async ({ client, github, repo }) => {
    github.protect(repo, "main", { requiredChecks: ["build"] });
    const { sha, number } = await openPull(github, repo);
    await github.autoMergeAs("olga", repo, number);
    const id = (await client.call("GET", `/repos/${repo}/pulls/${number}`)).at("node_id");
    const disabled = await mutate(client, id, "disable");
    expect(disabled.at("data", "disablePullRequestAutoMerge", "pullRequest", "autoMergeRequest")).toBeNull();
    expect((await mutate(client, id, "disable")).at("errors", 0)).toMatchObject({
      type: "UNPROCESSABLE",
      message: "Can't disable auto-merge for this pull request.",
    });
    await github.endCheck(repo, sha, "build", "success");
    expect(github.pulls(repo)).toMatchObject([{ merged: false }]);
    await github.idle();
    expect(payloads(github, "pull_request").map(({ action }) => action)).toEqual([
      "opened",
      "auto_merge_enabled",
      "auto_merge_disabled",
    ]);
  });

  test("is refused to what could be merged at once, and where the repository does not allow it", async ({
    client,
    github,
    repo,
  }) => {
    const { number } = await openPull(github, repo);
    const id = (await client.call("GET", `/repos/${repo}/pulls/${number}`)).at("node_id");
    const message = "Pull request Pull request is in clean status";
    expect((await mutate(client, id, "enable")).at("errors", 0, "message")).toBe(message);
    github.allowAutoMerge(repo, false);
    expect((await mutate(client, id, "enable")).at("errors", 0, "message")).toBe(
      "Auto merge is not allowed for this repository",
    );
  });

  test("takes write permission for pull requests", async ({ client, github, repo }) => {
    github.protect(repo, "main", { requiredChecks: ["build"] });
    const { number } = await openPull(github, repo);
    const id = (await client.call("GET", `/repos/${repo}/pulls/${number}`)).at("node_id");
    github.setPermissions({ metadata: "read", pull_requests: "read" });
    expect((await mutate(client, id, "enable")).at("errors", 0, "type")).toBe("FORBIDDEN");
  });
});

test("jobs of a run under way have begun and have no conclusion; its end ends them", async ({
  client,
  github,
  repo,
}) => {
  github.addWorkflow(repo, ".github/workflows/batch-generate.yml", "Batch generate");
  const run = github.startRun(repo, "batch-generate.yml");
  github.startJobs(run, [{ name: "generate (homebrew, linux)" }]);
  const jobs = async () => (await client.call("GET", `/repos/${repo}/actions/runs/${run}/jobs`)).at("jobs");
  expect(await jobs()).toMatchObject([{ status: "in_progress", conclusion: null, completed_at: null }]);
  await client.call("POST", `/repos/${repo}/actions/runs/${run}/cancel`);
  expect(await jobs()).toMatchObject([
    { name: "generate (homebrew, linux)", status: "completed", conclusion: "cancelled" },
  ]);
});

test("pull requests are listed page by page", async ({ client, github, repo }) => {
  for (const name of ["one", "two", "three"]) {
    github.pushAs("olga", repo, name, { [name]: "1" }, name);
    await github.openPullAs("olga", repo, { title: name, head: name });
  }
  const list = (after: string) =>
    graphql(
      client,
      `{ repository(owner: "acme", name: "recipes") { pullRequests(first: 2, states: OPEN ${after}) { nodes { title } pageInfo { hasNextPage endCursor } } } }`,
    );
  const first = await list("");
  const pulls = ["data", "repository", "pullRequests"];
  expect(first.at(...pulls)).toMatchObject({
    nodes: [{ title: "one" }, { title: "two" }],
    pageInfo: { hasNextPage: true },
  });
  const second = await list(`after: "${first.at(...pulls, "pageInfo", "endCursor")}"`);
  expect(second.at(...pulls)).toMatchObject({ nodes: [{ title: "three" }], pageInfo: { hasNextPage: false } });
});
