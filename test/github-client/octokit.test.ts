import { test as base, describe, expect } from "vitest";
import { createOctokitClass, type Octokit } from "../../src/github/octokit.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/local-github.ts";

interface Client {
  readonly github: LocalGitHub;
  readonly octokit: Octokit;
  /** The waits that were asked for, in milliseconds; none is really waited. */
  readonly waits: number[];
  readonly counted: string[];
}

const AT = { owner: "acme", repo: "recipes" };

const test = base.extend<{ client: Client }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that a fixture needs from this pattern.
  client: async ({}, use) => {
    const github = await startLocalGitHub();
    github.createRepository({ owner: "acme", name: "recipes" });
    const waits: number[] = [];
    const counted: string[] = [];
    const Class = createOctokitClass({
      sleep: async (milliseconds) => void waits.push(milliseconds),
      now: Date.now,
      random: () => 0.5,
      count: (method, status) => void counted.push(`${method} ${status}`),
    });
    const { appId, privateKey } = github.app;
    const app = new Class({ baseUrl: github.url, auth: { appId, privateKey } });
    const { data: installations } = await app.rest.apps.listInstallations();
    const installationId = installations[0]?.id;
    const octokit = new Class({ baseUrl: github.url, auth: { appId, privateKey, installationId } });
    await octokit.rest.repos.get(AT);
    counted.length = 0;
    await use({ github, octokit, waits, counted });
    await github.close();
  },
});

describe("the client", () => {
  test("reads again, with growing pauses, until GitHub answers", async ({ client: { github, octokit, waits } }) => {
    const fault = github.fault({ method: "GET", path: "/repos/acme/recipes", status: 502, times: 2 });
    const { status } = await octokit.rest.repos.get(AT);
    expect({ status, hits: fault.hits, waits }).toEqual({ status: 200, hits: 2, waits: [125, 250] });
  });

  test("gives a read up after four attempts", async ({ client: { github, octokit } }) => {
    const fault = github.fault({ method: "GET", path: "/repos/acme/recipes", status: 502 });
    await expect(octokit.rest.repos.get(AT)).rejects.toMatchObject({ status: 502 });
    expect(fault.hits).toBe(4);
  });

  test.for([
    ["502 before its effect", { status: 502 }],
    ["502 after its effect", { status: 502, after: true }],
    ["a cut connection", { closeSocket: true }],
  ] as const)("sends a write once although it met %s", async ([, fault], { client: { github, octokit } }) => {
    const hit = github.fault({ method: "POST", path: "/repos/acme/recipes/issues", ...fault });
    await expect(octokit.rest.issues.create({ ...AT, title: "once" })).rejects.toThrow();
    expect(hit.hits).toBe(1);
  });

  test("waits as long as a rate limit asks, and sends the write then", async ({
    client: { github, octokit, waits },
  }) => {
    github.rateLimit({ secondary: { retryAfterSeconds: 7, times: 1, status: 429 } });
    const { status } = await octokit.rest.issues.create({ ...AT, title: "later" });
    expect({ status, waits }).toEqual({ status: 201, waits: [7000] });
    expect(github.issues("acme/recipes")).toHaveLength(1);
  });

  test("does not wait half an hour: the operator is told instead", async ({ client: { github, octokit, waits } }) => {
    github.rateLimit({ secondary: { retryAfterSeconds: 1800, times: 1, status: 403 } });
    await expect(octokit.rest.issues.create({ ...AT, title: "never" })).rejects.toMatchObject({ status: 403 });
    expect(waits).toEqual([]);
  });

  test("replaces a token that was revoked, once", async ({ client: { github, octokit } }) => {
    const before = github.tokensMinted;
    github.revokeTokens();
    expect((await octokit.rest.repos.get(AT)).status).toBe(200);
    expect(github.tokensMinted - before).toBe(1);
  });

  test("counts every call by its answer", async ({ client: { github, octokit, counted } }) => {
    github.fault({ method: "GET", path: "/repos/acme/recipes", status: 500, times: 1 });
    await octokit.rest.repos.get(AT);
    expect(counted).toEqual(["GET 500", "GET 200"]);
  });
});
