import { generateKeyPairSync } from "node:crypto";
import { describe, expect, vi } from "vitest";
import { test } from "./contract-test.ts";

const seconds = () => Math.floor(Date.now() / 1000);

describe("the app's JSON web token", () => {
  test("opens GET /app", async ({ client, github }) => {
    expect(await client.asApp("GET", "/app")).toMatchObject({
      status: 200,
      body: { id: github.app.appId, slug: "batchkeeper" },
    });
  });

  test.for([
    ["has expired", () => ({ iat: seconds() - 900, exp: seconds() - 300 }), /must be a numeric value/],
    ["lives for longer than ten minutes", () => ({ exp: seconds() + 3600 }), /too far in the future/],
    ["never expires", () => ({ exp: undefined }), /too far in the future/],
    ["is of an unknown app", () => ({ iss: "999" }), /could not be decoded/],
  ] as const)("is refused when it %s", async ([, claims, message], { client }) => {
    const answer = await client.as(client.jwt(claims()), "GET", "/app");
    expect(answer).toMatchObject({ status: 401, body: { message: expect.stringMatching(message) } });
  });

  test("is refused when another key signed it", async ({ client }) => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const answer = await client.as(client.jwt({}, privateKey), "GET", "/app");
    expect(answer).toMatchObject({ status: 401, body: { message: "A JSON web token could not be decoded" } });
  });
});

describe("tokens", () => {
  test.for(["garbage", "ghs_garbage", "ghu_nobody"])(
    "%s is 401 Bad credentials, for reads as for writes",
    async (token, { client, repo }) => {
      const refused = { status: 401, body: { message: "Bad credentials" } };
      expect(await client.as(token, "GET", `/repos/${repo}`)).toMatchObject(refused);
      expect(await client.as(token, "POST", `/repos/${repo}/issues`, { title: "x" })).toMatchObject(refused);
    },
  );

  test("without one a public repository can be read, and nothing written", async ({ client, repo }) => {
    expect(await client.as("", "GET", `/repos/${repo}`)).toMatchObject({ status: 200 });
    expect(await client.as("", "POST", `/repos/${repo}/issues`, { title: "x" })).toMatchObject({ status: 401 });
  });

  test("of an installation end after an hour", async ({ client, repo }) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      expect((await client.call("GET", `/repos/${repo}`)).status).toBe(200);
      vi.setSystemTime(Date.now() + 59 * 60_000);
      expect((await client.call("GET", `/repos/${repo}`)).status).toBe(200);
      vi.setSystemTime(Date.now() + 2 * 60_000);
      expect((await client.call("GET", `/repos/${repo}`)).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  test("of an installation can be revoked, and each minting is counted", async ({ client, github, repo }) => {
    await client.call("GET", `/repos/${repo}`);
    github.revokeTokens();
    expect((await client.call("GET", `/repos/${repo}`)).status).toBe(401);
    const fresh = await client.mint();
    expect((await client.as(fresh, "GET", `/repos/${repo}`)).status).toBe(200);
    expect(github.tokensMinted).toBe(2);
  });

  test("are neither taken nor minted while the installation is suspended", async ({ client, github, repo }) => {
    await client.call("GET", `/repos/${repo}`);
    const installations = await client.asApp("GET", "/app/installations");
    github.suspend();
    const suspended = { status: 403, body: { message: "This installation has been suspended" } };
    expect(await client.call("GET", `/repos/${repo}`)).toMatchObject(suspended);
    const mint = `/app/installations/${installations.at(0, "id")}/access_tokens`;
    expect(await client.asApp("POST", mint)).toMatchObject(suspended);
    github.suspend(false);
    expect((await client.call("GET", `/repos/${repo}`)).status).toBe(200);
  });
});

describe("an installation", () => {
  test("lists the repositories it reaches", async ({ client, github, repo }) => {
    github.createRepository({ owner: "stranger", name: "other", installApp: false });
    expect((await client.call("GET", "/installation/repositories")).body).toMatchObject({
      total_count: 1,
      repositories: [{ full_name: repo }],
    });
  });

  test.for([
    ["contents", "PUT", "contents/x.txt", { message: "m", content: "" }],
    ["contents", "POST", "git/refs", { ref: "refs/heads/x", sha: "0" }],
    ["contents", "PUT", "pulls/1/merge", {}],
    ["pull_requests", "POST", "pulls", { title: "t", head: "x", base: "main" }],
    ["issues", "POST", "issues", { title: "t" }],
    ["actions", "POST", "actions/runs/1/cancel", {}],
    ["checks", "POST", "check-runs", { name: "gate", head_sha: "0" }],
  ] as const)(
    "without %s: write is refused %s %s",
    async ([permission, method, path, body], { client, github, repo }) => {
      github.setPermissions({ metadata: "read", contents: "write", pull_requests: "write", [permission]: "read" });
      expect(await client.call(method, `/repos/${repo}/${path}`, body)).toMatchObject({
        status: 403,
        body: { message: "Resource not accessible by integration" },
      });
    },
  );

  test("may comment and label with pull_requests: write alone", async ({ client, github, repo }) => {
    const number = await github.openIssueAs("olga", repo, { title: "t" });
    github.setPermissions({ metadata: "read", pull_requests: "write" });
    const comment = await client.call("POST", `/repos/${repo}/issues/${number}/comments`, { body: "hello" });
    expect(comment.status).toBe(201);
  });

  test("may not write where the app is not installed, and does not see what is private there", async ({
    client,
    github,
  }) => {
    const open = github.createRepository({ owner: "stranger", name: "open", installApp: false });
    const closed = github.createRepository({ owner: "stranger", name: "closed", private: true, installApp: false });
    expect((await client.call("GET", `/repos/${open}`)).status).toBe(200);
    expect((await client.call("POST", `/repos/${open}/issues`, { title: "t" })).status).toBe(403);
    expect((await client.call("GET", `/repos/${closed}`)).status).toBe(404);
  });
});
