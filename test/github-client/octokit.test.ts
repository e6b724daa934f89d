import { test as base, describe, expect } from "vitest";
import { isLostAnswer } from "../../src/github/failure.ts";
import { createOctokitClass, type Octokit } from "../../src/github/octokit.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/local-github.ts";

interface Client {
  readonly github: LocalGitHub;
  readonly octokit: Octokit;
  /** Of another installation. */
  readonly other: Octokit;
  /** The waits that were asked for, in milliseconds; none is really waited. */
  readonly waits: number[];
  readonly counted: string[];
}

/** To the next hundred milliseconds: the clock goes on between an answer and the wait that it asks for. */
const ABOUT = -2;

const AT = { owner: "acme", repo: "recipes" };

const test = base.extend<{ client: Client }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that a fixture needs from this pattern.
  client: async ({}, use) => {
    const github = await startLocalGitHub();
    github.createRepository({ owner: "acme", name: "recipes" });
    github.createRepository({ owner: "emca", name: "recipes" });
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
    const [octokit, other] = ["acme", "emca"].map((owner) => {
      const installationId = installations.find(
        ({ account }) => account && "login" in account && account.login === owner,
      )?.id;
      return new Class({ baseUrl: github.url, auth: { appId, privateKey, installationId } });
    });
    if (octokit === undefined || other === undefined) throw new Error("Two owners have two installations.");
    await octokit.rest.repos.get(AT);
    counted.length = 0;
    await use({ github, octokit, other, waits, counted });
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
    expect({ status, waits }).toEqual({ status: 201, waits: [expect.closeTo(7000, ABOUT)] });
    expect(github.issues("acme/recipes")).toHaveLength(1);
  });

  test("does not wait half an hour: the operator is told instead", async ({ client: { github, octokit, waits } }) => {
    github.rateLimit({ secondary: { retryAfterSeconds: 1800, times: 1, status: 403 } });
    await expect(octokit.rest.issues.create({ ...AT, title: "never" })).rejects.toMatchObject({ status: 403 });
    expect(waits).toEqual([]);
  });

  test("sends nothing more for an installation until its limit is over, and anything for others", async ({
    client,
  }) => {
    const { github, octokit, other } = client;
    github.rateLimit({ secondary: { retryAfterSeconds: 1800, times: 1, status: 403 } });
    await expect(octokit.rest.issues.create({ ...AT, title: "never" })).rejects.toMatchObject({ status: 403 });
    const mark = github.log.length;
    await expect(octokit.rest.repos.get(AT)).rejects.toMatchObject({ name: "RateLimited" });
    await expect(octokit.rest.issues.create({ ...AT, title: "never" })).rejects.toThrow("GitHub asks for a rest until");
    expect(github.calls(mark)).toEqual([]);
    expect((await other.rest.repos.get({ owner: "emca", repo: "recipes" })).status).toBe(200);
  });

  test("replaces a token that was revoked, once", async ({ client: { github, octokit } }) => {
    const before = github.tokensMinted;
    github.revokeTokens();
    expect((await octokit.rest.repos.get(AT)).status).toBe(200);
    expect(github.tokensMinted - before).toBe(1);
  });

  test.for([
    ["is told to rest", { status: 429, headers: { "retry-after": "1" } }],
    ["fails", { status: 502 }],
    ["gets no answer", { closeSocket: true }],
  ] as const)("replaces it although its renewal %s at first", async ([, trouble], { client: { github, octokit } }) => {
    expect((await octokit.rest.repos.get(AT)).status).toBe(200);
    github.revokeTokens();
    const fault = github.fault({ method: "POST", path: /\/access_tokens$/, ...trouble, times: 1 });
    const { status } = await octokit.rest.issues.create({ ...AT, title: "once" });
    expect({ status, hits: fault.hits }).toEqual({ status: 201, hits: 1 });
    expect(github.issues("acme/recipes")).toHaveLength(1);
  });

  describe("takes the errors in a GraphQL answer with status 200 for what they are:", () => {
    const QUERY = 'query { repository(owner: "acme", name: "recipes") { name } }';
    const MUTATION = "mutation { createCommitOnBranch(input: {}) { clientMutationId } }";
    const REFUSED = { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded for installation ID 1." }] };
    const TROUBLE = { errors: [{ message: "Something went wrong while executing your query. Please include `A:B`." }] };
    const inside = (body: unknown, headers: Record<string, string> = {}) =>
      ({ method: "POST", path: "/graphql", status: 200, body, headers }) as const;

    test.for([
      ["RATE_LIMITED", { "retry-after": "7" }, 7000],
      ["RATE_LIMIT", { "retry-after": "7" }, 7000],
      ["RATE_LIMITED", {}, 60_000],
    ] as const)("%s, told to wait by %j, is waited for", async ([type, headers, wait], { client }) => {
      const { github, octokit, waits, counted } = client;
      github.fault({ ...inside({ errors: [{ ...REFUSED.errors[0], type }] }, headers), times: 1 });
      expect(await octokit.graphql(QUERY)).toEqual({ repository: { name: "recipes" } });
      expect(waits).toEqual([expect.closeTo(wait, ABOUT)]);
      expect(counted).toEqual(["POST 429", "POST 200"]);
    });

    test("a used up budget is waited for until it is renewed, not longer than is bearable", async ({ client }) => {
      const { github, octokit, waits } = client;
      const resetsAt = Math.floor(Date.now() / 1000) + 1800;
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(resetsAt) };
      github.fault(inside(REFUSED, headers));
      await expect(octokit.graphql(QUERY)).rejects.toThrow("API rate limit exceeded");
      expect(waits).toEqual([]);
    });

    test.for([TROUBLE, { errors: [{ type: "SERVICE_UNAVAILABLE", message: "No server is available." }] }])(
      "a read that met GitHub's own trouble (%j) is sent again",
      async (body, { client: { github, octokit, waits } }) => {
        github.fault({ ...inside(body), times: 2 });
        expect(await octokit.graphql(QUERY)).toEqual({ repository: { name: "recipes" } });
        expect(waits).toEqual([125, 250]);
      },
    );

    test("a write that met it is sent once: only its caller can look for the effect", async ({ client }) => {
      const fault = client.github.fault(inside(TROUBLE));
      const failure = await client.octokit.graphql(MUTATION).catch((error: unknown) => error);
      expect(fault.hits).toBe(1);
      expect(isLostAnswer(failure)).toBe(true);
    });

    test("a write that was refused for its rate had no effect, and is sent again", async ({ client }) => {
      const fault = client.github.fault({ ...inside(REFUSED, { "retry-after": "7" }), times: 1 });
      await client.octokit.graphql(MUTATION).catch(() => {});
      expect([fault.hits, client.waits]).toEqual([1, [expect.closeTo(7000, ABOUT)]]);
    });

    test("what does not exist is an answer", async ({ client: { octokit, waits } }) => {
      const query = 'query { repository(owner: "acme", name: "nope") { name } }';
      await expect(octokit.graphql(query)).rejects.toMatchObject({ errors: [{ type: "NOT_FOUND" }] });
      expect(waits).toEqual([]);
    });
  });

  test("reads by GraphQL on a GitHub Enterprise Server like everywhere, again when it fails", async ({ client }) => {
    const { github, octokit, waits } = client;
    const fault = github.fault({ method: "POST", path: "/graphql", status: 502, times: 1 });
    const { graphql } = octokit;
    const answer = await graphql.defaults({ baseUrl: `${github.url}/api/v3` })(
      'query { repository(owner: "acme", name: "recipes") { name } }',
    );
    expect(answer).toEqual({ repository: { name: "recipes" } });
    expect([fault.hits, waits]).toEqual([1, [125]]);
  });

  test("counts every call by its answer", async ({ client: { github, octokit, counted } }) => {
    github.fault({ method: "GET", path: "/repos/acme/recipes", status: 500, times: 1 });
    await octokit.rest.repos.get(AT);
    expect(counted).toEqual(["GET 500", "GET 200"]);
  });
});
