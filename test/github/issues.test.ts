import { describe, expect } from "vitest";
import { test } from "./contract-test.ts";

describe("reactions", () => {
  test("are 201 when new and 200 when this user already reacted so", async ({ client, github, repo }) => {
    const number = await github.openIssueAs("olga", repo, { title: "t" });
    const comment = await github.commentAs("olga", repo, number, "c");
    for (const subject of [`issues/${number}`, `issues/comments/${comment}`]) {
      const react = (content: string) => client.call("POST", `/repos/${repo}/${subject}/reactions`, { content });
      const first = await react("eyes");
      expect(first).toMatchObject({ status: 201, body: { content: "eyes", user: { login: "batchkeeper[bot]" } } });
      expect(await react("eyes")).toMatchObject({ status: 200, body: { id: first.at("id") } });
      expect((await react("rocket")).status).toBe(201);
      expect((await react("shrug")).status).toBe(422);
    }
    expect(github.reactions(repo, comment)).toEqual([
      { content: "eyes", user: "batchkeeper[bot]" },
      { content: "rocket", user: "batchkeeper[bot]" },
    ]);
  });

  test("are listed, counted on the comment, and withdrawn by their owner", async ({ client, github, repo }) => {
    const number = await github.openIssueAs("olga", repo, { title: "t" });
    const path = `/repos/${repo}/issues/comments/${await github.commentAs("olga", repo, number, "c")}`;
    const id = (await client.call("POST", `${path}/reactions`, { content: "eyes" })).at("id");
    expect((await client.call("GET", `${path}/reactions`)).body).toMatchObject([{ id, content: "eyes" }]);
    expect((await client.call("GET", path)).at("reactions")).toMatchObject({ total_count: 1, eyes: 1 });
    expect((await client.call("DELETE", `${path}/reactions/${id}`)).status).toBe(204);
    expect((await client.call("GET", `${path}/reactions`)).body).toEqual([]);
  });
});

test("a locked issue refuses outsiders 403, and takes comments of those who may write", async ({
  client,
  github,
  repo,
}) => {
  const number = await github.openIssueAs("rita", repo, { title: "t" });
  await github.lockIssueAs("olga", repo, number);
  await expect(github.commentAs("rita", repo, number, "but")).rejects.toThrow(/403.*locked/);
  expect((await client.call("POST", `/repos/${repo}/issues/${number}/comments`, { body: "ok" })).status).toBe(201);
});

test("labels of someone without push access are dropped without a word", async ({ github, repo }) => {
  await github.openIssueAs("rita", repo, { title: "t", labels: ["urgent"] });
  expect(github.issues(repo)).toMatchObject([{ author: "rita", labels: [] }]);
});

test("a label of more than 50 characters is refused, and with it the issue that should bear it", async ({
  client,
  github,
  repo,
}) => {
  const create = (label: string) => client.call("POST", `/repos/${repo}/issues`, { title: "t", labels: [label] });
  expect((await create("a".repeat(50))).status).toBe(201);
  expect(await create("a".repeat(51))).toMatchObject({
    status: 422,
    body: { message: "Validation Failed", errors: [{ resource: "Label", field: "name", code: "invalid" }] },
  });
  expect(github.issues(repo)).toHaveLength(1);
});

test("labels are added to those there are, made where missing, and found whatever their case", async ({
  client,
  github,
  repo,
}) => {
  const number = await github.openIssueAs("olga", repo, { title: "t", labels: ["incident"] });
  await client.call("POST", `/repos/${repo}/issues/${number}/labels`, { labels: ["severity:high", "Incident"] });
  expect(github.issues(repo)).toMatchObject([{ labels: ["incident", "severity:high"] }]);
  const found = await client.call("GET", `/repos/${repo}/issues?labels=incident,SEVERITY:high&state=all`);
  expect(found.body).toMatchObject([{ number }]);
  expect((await client.call("GET", `/repos/${repo}/issues?labels=incident,other`)).body).toEqual([]);
});

test("a comment of 65,536 characters is taken, one more is 422", async ({ client, github, repo }) => {
  const number = await github.openIssueAs("olga", repo, { title: "t" });
  const say = (length: number) =>
    client.call("POST", `/repos/${repo}/issues/${number}/comments`, { body: "x".repeat(length) });
  expect((await say(65_536)).status).toBe(201);
  expect((await say(65_537)).status).toBe(422);
});

test("strangers may not edit what others wrote", async ({ github, repo }) => {
  const number = await github.openIssueAs("olga", repo, { title: "t" });
  const comment = await github.commentAs("olga", repo, number, "mine");
  await expect(github.editCommentAs("mallory", repo, comment, "/batch stop")).rejects.toThrow("403");
  await expect(github.editIssueAs("mallory", repo, number, { state: "closed" })).rejects.toThrow("403");
});

test("who is assigned is told in the issue and by an event for each", async ({ client, github, repo }) => {
  const number = await github.openIssueAs("rita", repo, { title: "t" });
  await github.editIssueAs("olga", repo, number, { assignees: ["olga", "rita"] });
  await github.editIssueAs("olga", repo, number, { assignees: ["olga"] });
  const { body } = await client.call("GET", `/repos/${repo}/issues/${number}`);
  expect(body).toMatchObject({ assignee: { login: "olga" }, assignees: [{ login: "olga", type: "User" }] });
  const events = github.deliveries.filter(({ event, action }) => event === "issues" && action === "assigned");
  expect(events.map((delivery) => JSON.parse(delivery.body).assignee.login)).toEqual(["olga", "rita"]);
});

test("a body that is not JSON is 400", async ({ client, github, repo }) => {
  const response = await fetch(`${github.url}/repos/${repo}/issues`, {
    method: "POST",
    headers: { authorization: `Bearer ${await client.mint()}` },
    body: "{nope",
  });
  expect([response.status, await response.json()]).toMatchObject([400, { message: "Problems parsing JSON" }]);
});

test("the number of an issue that was deleted is given to no other", async ({ github, repo }) => {
  const number = await github.openIssueAs("olga", repo, { title: "t" });
  github.deleteIssueAs("olga", repo, number);
  expect(await github.openIssueAs("olga", repo, { title: "t" })).toBe(number + 1);
});

test("issues of different repositories have different global ids", async ({ client, github, repo }) => {
  const other = github.createRepository({ owner: "acme", name: "other", collaborators: { olga: "write" } });
  const ids = [repo, other].map(async (repository) => {
    const number = await github.openIssueAs("olga", repository, { title: "t" });
    return (await client.call("GET", `/repos/${repository}/issues/${number}`)).at("node_id");
  });
  expect(new Set(await Promise.all(ids)).size).toBe(2);
});

test("three issues of a repository can be pinned, by those who may write; who ticks a box is told with the text before", async ({
  client,
  github,
  repo,
}) => {
  const pin = async (id: unknown) =>
    client.call("POST", "/graphql", {
      query: "mutation ($id: ID!) { pinIssue(input: { issueId: $id }) { issue { isPinned } } }",
      variables: { id },
    });
  for (let issue = 0; issue < 4; issue += 1) {
    const number = await github.openIssueAs("olga", repo, { title: "t", body: "- [ ] one\n- [ ] two" });
    const answer = await pin((await client.call("GET", `/repos/${repo}/issues/${number}`)).at("node_id"));
    if (issue < 3) expect(answer.at("data")).toMatchObject({ pinIssue: { issue: { isPinned: true } } });
    else expect(answer.at("errors")).toMatchObject([{ message: "Maximum 3 pinned issues per repository" }]);
  }
  await github.tickAs("olga", repo, 1, "two");
  await github.idle();
  expect(JSON.parse(github.deliveries.at(-1)?.body ?? "{}")).toMatchObject({
    action: "edited",
    issue: { body: "- [ ] one\n- [x] two" },
    changes: { body: { from: "- [ ] one\n- [ ] two" } },
    sender: { login: "olga", type: "User" },
  });
});
