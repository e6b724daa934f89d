import { createHmac } from "node:crypto";
import { expect } from "vitest";
import { names, payloads, test } from "./contract-test.ts";

test("a delivery is signed over its raw body and carries GitHub's headers", async ({ github, hooks, repo }) => {
  await github.openIssueAs("olga", repo, { title: "häh? 🚀" });
  await github.idle();
  const [webhook] = hooks.received;
  const signature = createHmac("sha256", github.app.webhookSecret)
    .update(webhook?.body ?? "")
    .digest("hex");
  expect(webhook?.headers).toMatchObject({
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    "x-hub-signature-256": `sha256=${signature}`,
    "x-github-hook-id": expect.stringMatching(/^\d+$/),
    "x-github-hook-installation-target-type": "integration",
    "x-github-hook-installation-target-id": String(github.app.appId),
    "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
  });
});

test("every event has a GUID of its own, also when one call causes several", async ({ github, hooks, repo }) => {
  await github.openIssueAs("olga", repo, { title: "broken", labels: ["a", "b", "c"] });
  await github.idle();
  expect(names(github).toSorted()).toEqual(["issues.labeled", "issues.labeled", "issues.labeled", "issues.opened"]);
  expect(new Set(hooks.received.map((webhook) => webhook.headers["x-github-delivery"])).size).toBe(4);
});

test("payloads carry action, repository, sender and the installation", async ({ github, client, repo }) => {
  const number = await github.openIssueAs("olga", repo, { title: "broken" });
  await github.commentAs("olga", repo, number, "/batch status");
  await github.idle();
  const installations = await client.asApp("GET", "/app/installations");
  expect(payloads(github, "issue_comment")).toMatchObject([
    {
      action: "created",
      issue: { number, state: "open" },
      comment: { body: "/batch status", user: { login: "olga", type: "User" }, performed_via_github_app: null },
      repository: { full_name: repo, owner: { login: "acme" }, default_branch: "main" },
      sender: { login: "olga", id: expect.any(Number), type: "User" },
      installation: { id: installations.at(0, "id") },
    },
  ]);
});

test("a comment's edit says what it was before, its deletion what it said", async ({ github, repo }) => {
  const number = await github.openIssueAs("olga", repo, { title: "broken" });
  const id = await github.commentAs("olga", repo, number, "before");
  await github.editCommentAs("olga", repo, id, "after");
  await github.deleteCommentAs("olga", repo, id);
  await github.idle();
  const [, edited, deleted] = payloads(github, "issue_comment");
  expect(edited).toMatchObject({ action: "edited", comment: { body: "after" }, changes: { body: { from: "before" } } });
  expect(deleted).toMatchObject({ action: "deleted", comment: { id, body: "after" } });
});

test("what the app does names it: sender is its bot, performed_via_github_app is the app", async ({
  github,
  client,
  repo,
}) => {
  const number = await github.openIssueAs("olga", repo, { title: "broken" });
  await client.call("POST", `/repos/${repo}/issues/${number}/comments`, { body: "on it" });
  await github.idle();
  expect(payloads(github, "issue_comment")).toMatchObject([
    {
      sender: { login: "batchkeeper[bot]", type: "Bot" },
      comment: { user: { login: "batchkeeper[bot]" }, performed_via_github_app: { slug: "batchkeeper" } },
    },
  ]);
});

test("issues report closed and reopened, with the reason", async ({ github, repo }) => {
  const number = await github.openIssueAs("olga", repo, { title: "broken" });
  await github.editIssueAs("olga", repo, number, { state: "closed", state_reason: "not_planned" });
  await github.editIssueAs("olga", repo, number, { state: "open" });
  await github.idle();
  expect(names(github)).toEqual(["issues.opened", "issues.closed", "issues.reopened"]);
  expect(payloads(github, "issues")[1]).toMatchObject({ issue: { state: "closed", state_reason: "not_planned" } });
});

test("a comment on a pull request is an issue_comment whose issue has pull_request", async ({ github, repo }) => {
  github.pushAs("olga", repo, "batch/1", { "recipes/jq.toml": "version = 2\n" }, "feat: jq 2");
  const number = await github.openPullAs("olga", repo, { title: "jq 2", head: "batch/1" });
  await github.commentAs("olga", repo, number, "/batch stop");
  await github.idle();
  expect(payloads(github, "issue_comment")).toMatchObject([
    { issue: { number, pull_request: { url: expect.any(String) } } },
  ]);
});

test("labels on a pull request are reported as pull_request.labeled", async ({ github, client, repo }) => {
  github.pushAs("olga", repo, "batch/1", { "recipes/jq.toml": "version = 2\n" }, "feat: jq 2");
  const number = await github.openPullAs("olga", repo, { title: "jq 2", head: "batch/1" });
  await client.call("POST", `/repos/${repo}/issues/${number}/labels`, { labels: ["batchkeeper"] });
  await github.idle();
  expect(names(github).at(-1)).toBe("pull_request.labeled");
  expect(payloads(github, "pull_request").at(-1)).toMatchObject({
    label: { name: "batchkeeper" },
    pull_request: { number, labels: [{ name: "batchkeeper" }] },
  });
});

test("a push lists each commit with the files it added, modified and removed", async ({ github, repo }) => {
  const before = github.branches(repo).main;
  const files = { "list.txt": "1\n", "new.txt": "n\n", "recipes/jq.toml": null };
  const after = github.pushAs("olga", repo, "main", files, "three changes");
  await github.idle();
  const commit = { id: after, added: ["new.txt"], modified: ["list.txt"], removed: ["recipes/jq.toml"] };
  expect(payloads(github, "push")).toMatchObject([
    {
      ref: "refs/heads/main",
      before,
      after,
      created: false,
      deleted: false,
      forced: false,
      pusher: { name: "olga" },
      sender: { login: "olga" },
      head_commit: commit,
      commits: [{ ...commit, distinct: true, message: "three changes", author: { name: "olga", username: "olga" } }],
    },
  ]);
});

test("refs report their creation, a forced update and their deletion", async ({ github, client, repo }) => {
  const { main } = github.branches(repo);
  await client.call("POST", `/repos/${repo}/git/refs`, { ref: "refs/heads/x", sha: main });
  const ahead = github.pushAs("olga", repo, "x", { "a.txt": "a" }, "ahead");
  await client.call("PATCH", `/repos/${repo}/git/refs/heads/x`, { sha: main, force: true });
  await client.call("DELETE", `/repos/${repo}/git/refs/heads/x`);
  await github.idle();
  expect(names(github).toSorted()).toEqual(["create", "delete", "push", "push", "push", "push"]);
  const [created, moved, forced, deleted] = github.deliveries
    .filter((delivery) => delivery.event === "push")
    .map((delivery) => JSON.parse(delivery.body));
  const none = "0".repeat(40);
  expect(created).toMatchObject({ created: true, before: none, after: main, commits: [] });
  expect(moved).toMatchObject({ created: false, forced: false, after: ahead });
  expect(forced).toMatchObject({ forced: true, before: ahead, after: main, commits: [] });
  expect(deleted).toMatchObject({ deleted: true, before: main, after: none, head_commit: null });
});

test("the delivery log lists attempts newest first, and failures can be filtered and sent again", async ({
  github,
  client,
  hooks,
  repo,
}) => {
  hooks.status = 503;
  await github.openIssueAs("olga", repo, { title: "lost" });
  await github.idle();
  hooks.status = 200;
  await github.openIssueAs("olga", repo, { title: "arrived" });
  await github.idle();
  const failures = await client.asApp("GET", "/app/hook/deliveries?status=failure");
  expect(failures.body).toMatchObject([{ status_code: 503, event: "issues", action: "opened", redelivery: false }]);

  const redelivery = await client.asApp("POST", `/app/hook/deliveries/${failures.at(0, "id")}/attempts`);
  await github.idle();
  expect(redelivery.status).toBe(202);
  const all = await client.asApp("GET", "/app/hook/deliveries?per_page=2");
  expect(all.body).toMatchObject([
    { redelivery: true, guid: failures.at(0, "guid"), status: "OK" },
    { redelivery: false },
  ]);
  const older = await client.asApp("GET", `/app/hook/deliveries?per_page=2&cursor=v1_${all.at(1, "id")}`);
  expect(older.body).toMatchObject([{ id: failures.at(0, "id") }]);
  const details = await client.asApp("GET", `/app/hook/deliveries/${failures.at(0, "id")}`);
  expect(details.at("request", "payload")).toMatchObject({ action: "opened", issue: { title: "lost" } });
});

test("an unreachable app is a failed delivery, and GitHub does not try again", async ({ github, repo }) => {
  github.webhookUrl = "http://127.0.0.1:9/";
  await github.openIssueAs("olga", repo, { title: "nobody home" });
  await github.idle();
  expect(github.deliveries).toMatchObject([{ status: "failed to connect to host", statusCode: 502 }]);
});

test("deliveries can be dropped, doubled, delayed and reordered", async ({ github, hooks, repo }) => {
  const number = await github.openIssueAs("olga", repo, { title: "chaos" });
  await github.idle();
  const say = (body: string) => github.commentAs("olga", repo, number, body);
  const heard = () => hooks.payloads("issue_comment").map(({ comment }) => Reflect.get(Object(comment), "body"));

  github.onDelivery(() => "drop");
  await say("dropped");
  github.onDelivery(() => "double");
  await say("doubled");
  await github.idle();
  expect(heard()).toEqual(["doubled", "doubled"]);

  github.onDelivery((delivery) => (delivery.body.includes("late") ? { delayMs: 60 } : "send"));
  await say("late");
  await say("in time");
  await github.idle();
  expect(heard().slice(2)).toEqual(["in time", "late"]);

  github.onDelivery(() => "hold");
  await say("first");
  await say("second");
  await github.idle();
  github.release("reversed");
  await github.idle();
  expect(heard().slice(4)).toEqual(["second", "first"]);
});

test("redelivering sends the same GUID again", async ({ github, hooks, repo }) => {
  await github.openIssueAs("olga", repo, { title: "again" });
  await github.idle();
  github.redeliver(github.deliveries[0]?.guid ?? "");
  await github.idle();
  const guids = hooks.received.map((webhook) => webhook.headers["x-github-delivery"]);
  expect(guids).toEqual([guids[0], guids[0]]);
});

test("a suspended app gets no events", async ({ github, hooks, repo }) => {
  github.suspend();
  await github.openIssueAs("olga", repo, { title: "unheard" });
  await github.idle();
  expect(hooks.received).toEqual([]);
});

test("a delivery that failed stands in the log and can be asked for again", async ({ github, hooks, client, repo }) => {
  github.onDelivery(() => "fail");
  await github.openIssueAs("olga", repo, { title: "unheard" });
  await github.idle();
  expect(hooks.received).toEqual([]);
  const logged = await client.asApp("GET", "/app/hook/deliveries");
  expect(logged.body).toMatchObject([{ status: "failed to connect to host", status_code: 502, event: "issues" }]);
  await client.asApp("POST", `/app/hook/deliveries/${logged.at(0, "id")}/attempts`);
  await github.idle();
  expect(hooks.received).toHaveLength(1);
});
