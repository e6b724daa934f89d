import { describe, expect } from "vitest";
import { test } from "./contract-test.ts";
import { startLocalGitHub } from "./local-github.ts";

describe("conditional requests", () => {
  test("are 304 without a body while nothing changed, and do not count against the limit", async ({
    client,
    github,
    repo,
  }) => {
    const path = `/repos/${repo}/contents/control.json`;
    const first = await client.call("GET", path);
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    const second = await client.call("GET", path, undefined, headers);
    expect(second).toMatchObject({ status: 304, body: null });
    expect(second.headers.get("x-ratelimit-used")).toBe(first.headers.get("x-ratelimit-used"));
    github.pushAs("olga", repo, "main", { "control.json": "[]\n" }, "changed");
    expect((await client.call("GET", path, undefined, headers)).status).toBe(200);
  });
});

describe("every answer", () => {
  test("has a request id and the rate limit", async ({ client, repo }) => {
    const { headers } = await client.call("GET", `/repos/${repo}`);
    expect(headers.get("x-github-request-id")).toMatch(/^[0-9A-F]{16}$/);
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": "4999",
      "x-ratelimit-used": "1",
      "x-ratelimit-reset": expect.stringMatching(/^\d{10}$/),
      "x-ratelimit-resource": "core",
    });
  });

  test("is also there below the paths of GitHub Enterprise Server", async ({ client, repo }) => {
    expect((await client.call("GET", `/api/v3/repos/${repo}`)).body).toMatchObject({ full_name: repo });
    const issue = await client.call("POST", `/api/v3/repos/${repo}/issues`, { title: "by prefix" });
    expect(issue.status).toBe(201);
    await client.call("POST", `/api/v3/repos/${repo}/issues`, { title: "another" });
    const page = await client.call("GET", `/api/v3/repos/${repo}/issues?per_page=1`);
    expect(page.headers.get("link")).toMatch(/^<http:\/\/[^/]+\/api\/v3\/repos\/[^>]+page=2[^>]*>; rel="next"/);
    const query = `{ repository(owner: "acme", name: "recipes") { nameWithOwner } }`;
    const answer = await client.call("POST", "/api/graphql", { query });
    expect(answer.body).toEqual({ data: { repository: { nameWithOwner: repo } } });
  });
});

describe("rate limits", () => {
  test("primary: 403 with nothing remaining until the reset", async ({ client, github, repo }) => {
    await client.call("GET", `/repos/${repo}`);
    github.rateLimit({ primary: { limit: 5000, remaining: 1, resetInSeconds: 90 } });
    expect((await client.call("GET", `/repos/${repo}`)).status).toBe(200);
    const refused = await client.call("GET", `/repos/${repo}`);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    const inSeconds = Number(refused.headers.get("x-ratelimit-reset")) - Date.now() / 1000;
    expect(Math.round(inSeconds / 10)).toBe(9);
  });

  test.for([403, 429] as const)(
    "secondary: %i with retry-after, as often as asked",
    async (status, { client, github, repo }) => {
      await client.call("GET", `/repos/${repo}`);
      github.rateLimit({ secondary: { retryAfterSeconds: 7, times: 2, status } });
      for (const expected of [status, status, 200]) {
        const answer = await client.call("GET", `/repos/${repo}`);
        expect(answer.status).toBe(expected);
        expect(answer.headers.get("retry-after")).toBe(expected === 200 ? null : "7");
      }
    },
  );
});

describe("faults", () => {
  test("are decided call by call, by whoever sees method, path and body first", async ({ client, github, repo }) => {
    const seen: unknown[] = [];
    github.onCall(async ({ method, path, json }) => {
      if (method !== "POST" || !path.endsWith("/issues")) return null;
      seen.push(path, await json());
      return { status: 502, after: true };
    });
    const answer = await client.call("POST", `/api/v3/repos/${repo}/issues`, { title: "once" });
    expect(answer.status).toBe(502);
    expect(seen).toEqual([`/repos/${repo}/issues`, { title: "once" }]);
    expect(github.issues(repo).map(({ title }) => title)).toEqual(["once"]);
    github.onCall(() => null);
    expect((await client.call("GET", `/repos/${repo}/issues`)).status).toBe(200);
  });

  test("answer instead of GitHub as often as asked, and are counted", async ({ client, github, repo }) => {
    const fault = github.fault({ method: "GET", path: /\/issues/, status: 502, times: 2, headers: { "x-test": "1" } });
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await client.call("GET", `/repos/${repo}/issues`)).status);
    expect(statuses).toEqual([502, 502, 200]);
    expect(fault.hits).toBe(2);
  });

  test("after the effect: what was asked is done, the answer lost", async ({ client, github, repo }) => {
    github.fault({ method: "POST", path: `/repos/${repo}/issues`, status: 502, after: true, times: 1 });
    expect((await client.call("POST", `/repos/${repo}/issues`, { title: "done" })).status).toBe(502);
    expect(github.issues(repo)).toMatchObject([{ title: "done" }]);
  });

  test("cut the connection, before or after the effect", async ({ client, github, repo }) => {
    await client.mint();
    github.fault({ path: `/repos/${repo}/issues`, closeSocket: true, times: 1 });
    await expect(client.call("POST", `/repos/${repo}/issues`, { title: "lost" })).rejects.toThrow("fetch failed");
    github.fault({ path: `/repos/${repo}/issues`, closeSocket: true, after: true, times: 1 });
    await expect(client.call("POST", `/repos/${repo}/issues`, { title: "kept" })).rejects.toThrow("fetch failed");
    expect(github.issues(repo).map((issue) => issue.title)).toEqual(["kept"]);
    expect(github.calls().filter((call) => call.status === 0)).toHaveLength(2);
  });

  test("can be removed, and do not touch what people do", async ({ client, github, repo }) => {
    const fault = github.fault({ path: /./, status: 500 });
    await github.openIssueAs("olga", repo, { title: "fine" });
    expect((await client.asApp("GET", "/app")).status).toBe(500);
    fault.remove();
    expect((await client.asApp("GET", "/app")).status).toBe(200);
  });

  test("add latency to one call or to all", async ({ client, github, repo }) => {
    await client.call("GET", `/repos/${repo}`);
    github.fault({ path: `/repos/${repo}`, latencyMs: 40, times: 1 });
    await client.call("GET", `/repos/${repo}`);
    github.latency(30);
    await client.call("GET", `/repos/${repo}`);
    const [slow, all] = github.calls(-2).map((call) => call.endedAt - call.startedAt);
    expect(slow).toBeGreaterThan(38);
    expect(all).toBeGreaterThan(28);
  });
});

test("the log says who called what and when, and people acting are not in it", async ({ client, github, repo }) => {
  await github.openIssueAs("olga", repo, { title: "unlogged" });
  await client.call("GET", `/api/v3/repos/${repo}/issues?per_page=1`);
  await client.as("garbage", "GET", `/repos/${repo}`);
  expect(github.log).toMatchObject([
    { method: "GET", path: "/app/installations", status: 200, authorization: "app", actor: null },
    { method: "POST", path: expect.stringMatching(/access_tokens$/), status: 201, authorization: "app" },
    { path: `/repos/${repo}/issues?per_page=1`, status: 200, authorization: "installation", actor: "batchkeeper[bot]" },
    { path: `/repos/${repo}`, status: 401, authorization: "user", actor: null },
  ]);
  const [first, second] = github.log;
  expect(second?.startedAt).toBeGreaterThanOrEqual(first?.endedAt ?? Number.NaN);
});

test("several run side by side, each with its own state", async () => {
  const servers = await Promise.all([startLocalGitHub(), startLocalGitHub()]);
  const [one, two] = servers;
  one.createRepository({ owner: "acme", name: "recipes" });
  expect((await fetch(`${one.url}/repos/acme/recipes`)).status).toBe(200);
  expect((await fetch(`${two.url}/repos/acme/recipes`)).status).toBe(404);
  await Promise.all(servers.map((server) => server.close()));
  await expect(fetch(`${one.url}/repos/acme/recipes`)).rejects.toThrow("fetch failed");
});
