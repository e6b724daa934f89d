import { describe, expect } from "vitest";
import { test } from "./contract-test.ts";
import type { LocalGitHub } from "./local-github.ts";

const mustUsePull = "Repository rule violations found\n\nChanges must be made through a pull request.";

async function openPull(github: LocalGitHub, repo: string): Promise<number> {
  github.pushAs("olga", repo, "topic", { x: "1" }, "topic");
  return github.openPullAs("olga", repo, { title: "t", head: "topic" });
}

describe("a branch that only pull requests may change", () => {
  test("refuses a direct write 409, by contents and by ref", async ({ client, github, repo }) => {
    github.protect(repo, "main", { requirePullRequest: true });
    const refused = { status: 409, body: { message: mustUsePull } };
    const file = { message: "m", content: "" };
    expect(await client.call("PUT", `/repos/${repo}/contents/x`, file)).toMatchObject(refused);
    github.pushAs("olga", repo, "topic", { x: "1" }, "topic");
    const move = { sha: github.branches(repo).topic };
    expect(await client.call("PATCH", `/repos/${repo}/git/refs/heads/main`, move)).toMatchObject(refused);
    expect((await client.call("PUT", `/repos/${repo}/contents/x`, { ...file, branch: "topic" })).status).toBe(422);
  });

  test("takes the same change by pull request", async ({ client, github, repo }) => {
    github.protect(repo, "main", { requirePullRequest: true });
    const number = await openPull(github, repo);
    expect((await client.call("PUT", `/repos/${repo}/pulls/${number}/merge`)).status).toBe(200);
  });

  test("lets an app write that is on the bypass list", async ({ client, github, repo }) => {
    github.protect(repo, "main", { requirePullRequest: true, requiredChecks: ["ci"], bypassApp: true });
    expect((await client.call("PUT", `/repos/${repo}/contents/x`, { message: "m", content: "" })).status).toBe(201);
  });
});

test("a merge waits for required checks, and for one that succeeded", async ({ client, github, repo }) => {
  github.protect(repo, "main", { requiredChecks: ["ci"] });
  const number = await openPull(github, repo);
  const merge = () => client.call("PUT", `/repos/${repo}/pulls/${number}/merge`);
  const refused = { status: 405, body: { message: 'Required status check "ci" is expected.' } };
  expect(await merge()).toMatchObject(refused);
  expect((await client.call("GET", `/repos/${repo}/pulls/${number}`)).at("mergeable_state")).toBe("blocked");
  const check = { name: "ci", head_sha: github.branches(repo).topic, status: "completed" };
  await client.call("POST", `/repos/${repo}/check-runs`, { ...check, conclusion: "failure" });
  expect(await merge()).toMatchObject(refused);
  await client.call("POST", `/repos/${repo}/check-runs`, { ...check, conclusion: "success" });
  expect((await merge()).status).toBe(200);
});

test("a merge waits for required reviews", async ({ client, github, repo }) => {
  github.protect(repo, "main", { requiredReviews: 1 });
  const number = await openPull(github, repo);
  const merge = () => client.call("PUT", `/repos/${repo}/pulls/${number}/merge`);
  expect(await merge()).toMatchObject({
    status: 405,
    body: { message: "At least 1 approving review is required by reviewers with write access." },
  });
  await github.approveAs("rita", repo, number);
  expect((await merge()).status).toBe(405);
  await github.approveAs("acme", repo, number);
  expect((await merge()).status).toBe(200);
});

test("the rules of a branch are listed, none for an unprotected one", async ({ client, github, repo }) => {
  github.protect(repo, "main", { requirePullRequest: true, requiredChecks: ["ci"] });
  const rules = async (branch: string) => (await client.call("GET", `/repos/${repo}/rules/branches/${branch}`)).body;
  expect(await rules("main")).toMatchObject([
    { type: "pull_request", parameters: { required_approving_review_count: 0 } },
    { type: "required_status_checks", parameters: { required_status_checks: [{ context: "ci" }] } },
  ]);
  expect(await rules("topic")).toEqual([]);
});
