import { describe, expect } from "vitest";
import { test } from "./contract-test.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("GET contents", () => {
  test("answers a file as base64 in lines, and a directory as a list", async ({ client, repo }) => {
    const file = await client.call("GET", `/repos/${repo}/contents/control.json`);
    expect(file.body).toMatchObject({ type: "file", path: "control.json", size: 3, encoding: "base64" });
    expect(Buffer.from(String(file.at("content")), "base64").toString()).toBe("{}\n");
    const directory = await client.call("GET", `/repos/${repo}/contents/recipes`);
    expect(directory.body).toMatchObject([{ type: "file", path: "recipes/jq.toml" }]);
  });

  test("is 404 for a missing path and for a missing ref", async ({ client, repo }) => {
    expect((await client.call("GET", `/repos/${repo}/contents/nope`)).status).toBe(404);
    expect((await client.call("GET", `/repos/${repo}/contents/control.json?ref=nope`)).status).toBe(404);
  });

  test("leaves the content out over 1 MB, and gives it raw to those who ask so", async ({ client, github, repo }) => {
    github.pushAs("olga", repo, "main", { "big.txt": "x".repeat(1024 * 1024 + 1) }, "big");
    const { body } = await client.call("GET", `/repos/${repo}/contents/big.txt`);
    expect(body).toMatchObject({ size: 1024 * 1024 + 1, encoding: "none", content: "" });
    const raw = await fetch(`${github.url}/repos/${repo}/contents/big.txt`, {
      headers: { accept: "application/vnd.github.raw+json" },
    });
    expect((await raw.text()).length).toBe(1024 * 1024 + 1);
  });
});

describe("PUT contents", () => {
  const put = (path: string, fields: object) =>
    ["PUT", path, { message: "m", content: base64("new\n"), ...fields }] as const;

  test("of a new file is 201, with the right sha of an old one 200, each a real commit", async ({
    client,
    github,
    repo,
  }) => {
    expect((await client.call(...put(`/repos/${repo}/contents/a/b.txt`, {}))).status).toBe(201);
    const sha = (await client.call("GET", `/repos/${repo}/contents/a/b.txt`)).at("sha");
    const second = await client.call(...put(`/repos/${repo}/contents/a/b.txt`, { content: base64("newer\n"), sha }));
    expect(second.status).toBe(200);
    expect(github.fileAt(repo, "a/b.txt")).toBe("newer\n");
    expect(github.commits(repo).map((commit) => commit.files)).toEqual([["a/b.txt"], ["a/b.txt"], expect.anything()]);
  });

  test("without the sha of an existing file is 422", async ({ client, repo }) => {
    expect(await client.call(...put(`/repos/${repo}/contents/control.json`, {}))).toMatchObject({
      status: 422,
      body: { message: 'Invalid request.\n\n"sha" wasn\'t supplied.' },
    });
  });

  test("with a stale sha is 409 and names both", async ({ client, repo }) => {
    const sha = "0".repeat(40);
    expect(await client.call(...put(`/repos/${repo}/contents/control.json`, { sha }))).toMatchObject({
      status: 409,
      body: { message: `control.json does not match ${sha}` },
    });
  });

  test("of an absent path ignores the sha: a deleted file is created again", async ({ client, repo }) => {
    expect((await client.call(...put(`/repos/${repo}/contents/gone`, { sha: "0".repeat(40) }))).status).toBe(201);
  });

  test("looks for the branch before the sha", async ({ client, repo }) => {
    const fields = { branch: "nope", sha: "0".repeat(40) };
    expect((await client.call(...put(`/repos/${repo}/contents/control.json`, fields))).status).toBe(404);
  });

  test("lets one of eight writers with the same sha win", async ({ client, github, repo }) => {
    const sha = (await client.call("GET", `/repos/${repo}/contents/control.json`)).at("sha");
    const writes = Array.from({ length: 8 }, (_, n) =>
      client.call(...put(`/repos/${repo}/contents/control.json`, { sha, content: base64(`${n}`) })),
    );
    const statuses = (await Promise.all(writes)).map((answer) => answer.status);
    expect(statuses.toSorted()).toEqual([200, ...new Array(7).fill(409)]);
    expect(github.commits(repo, { path: "control.json" })).toHaveLength(2);
  });

  test("by the app is signed when it names no author, and not when it does", async ({ client, github, repo }) => {
    await client.call(...put(`/repos/${repo}/contents/signed`, {}));
    const author = { name: "Someone", email: "someone@example.com" };
    await client.call(...put(`/repos/${repo}/contents/unsigned`, { author }));
    expect(github.commits(repo)).toMatchObject([
      { author: "Someone", verified: false },
      { author: "batchkeeper[bot]", verified: true },
      {},
    ]);
  });

  test("to an archived repository is 403", async ({ client, github, repo }) => {
    github.archive(repo);
    expect(await client.call(...put(`/repos/${repo}/contents/x`, {}))).toMatchObject({
      status: 403,
      body: { message: "Repository was archived so is read-only." },
    });
  });
});

test("DELETE contents needs the right sha", async ({ client, github, repo }) => {
  const path = `/repos/${repo}/contents/control.json`;
  const sha = (await client.call("GET", path)).at("sha");
  expect((await client.call("DELETE", path, { message: "m", sha: "0".repeat(40) })).status).toBe(409);
  expect((await client.call("DELETE", path, { message: "m", sha })).status).toBe(200);
  expect(github.fileAt(repo, "control.json")).toBeNull();
});

describe("GET commits", () => {
  test("filters by path, by author and by page", async ({ client, github, repo }) => {
    github.pushAs("olga", repo, "main", { "control.json": "1" }, "by olga");
    await client.call("PUT", `/repos/${repo}/contents/other.txt`, { message: "by the app", content: "" });
    const messages = async (query: string) => {
      const { body } = await client.call("GET", `/repos/${repo}/commits?${query}`);
      return Array.isArray(body) ? body.map((commit) => commit.commit.message) : body;
    };
    expect(await messages("path=control.json")).toEqual(["by olga", "Initial commit"]);
    expect(await messages("author=batchkeeper[bot]")).toEqual(["by the app"]);
    expect(await messages("author=OLGA")).toEqual(["by olga"]);
    expect(await messages("per_page=1&page=2")).toEqual(["by olga"]);
    expect(await messages("sha=nope")).toMatchObject({ message: "Not Found" });
  });

  test("names the accounts: the bot as author, web-flow as committer of an app's commit", async ({ client, repo }) => {
    await client.call("PUT", `/repos/${repo}/contents/x`, { message: "m", content: "" });
    const { body } = await client.call("GET", `/repos/${repo}/commits?per_page=1`);
    expect(body).toMatchObject([
      {
        author: { login: "batchkeeper[bot]", type: "Bot" },
        committer: { login: "web-flow" },
        commit: { verification: { verified: true, reason: "valid" } },
      },
    ]);
  });

  test("pages by Link headers", async ({ client, github, repo }) => {
    github.pushAs("olga", repo, "main", { x: "1" }, "second");
    const { headers } = await client.call("GET", `/repos/${repo}/commits?per_page=1`);
    expect(headers.get("link")).toMatch(/[?&]page=2[^>]*>; rel="next"/);
  });
});

describe("git refs", () => {
  test("creating one twice is 422: a ref is a lock", async ({ client, github, repo }) => {
    const lock = { ref: "refs/heads/lock", sha: github.branches(repo).main };
    const answers = await Promise.all([1, 2, 3].map(() => client.call("POST", `/repos/${repo}/git/refs`, lock)));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, 422, 422]);
    const refused = answers.find((answer) => answer.status === 422);
    expect(refused?.at("message")).toBe("Reference already exists");
  });

  test("moving one back needs force", async ({ client, github, repo }) => {
    const { main } = github.branches(repo);
    github.pushAs("olga", repo, "main", { x: "1" }, "ahead");
    const move = (force: boolean) => client.call("PATCH", `/repos/${repo}/git/refs/heads/main`, { sha: main, force });
    expect(await move(false)).toMatchObject({ status: 422, body: { message: "Update is not a fast forward" } });
    expect((await move(true)).status).toBe(200);
  });

  test("what does not exist is 422 to move and to delete, and 404 to read", async ({ client, github, repo }) => {
    const { main } = github.branches(repo);
    expect((await client.call("PATCH", `/repos/${repo}/git/refs/heads/no`, { sha: main })).status).toBe(422);
    expect((await client.call("DELETE", `/repos/${repo}/git/refs/heads/no`)).status).toBe(422);
    expect((await client.call("GET", `/repos/${repo}/git/ref/heads/no`)).status).toBe(404);
  });

  test("a tree, a commit and a ref made one by one are a push of real files", async ({ client, github, repo }) => {
    const { main } = github.branches(repo);
    const commit = await client.call("GET", `/repos/${repo}/commits/main`);
    const tree = await client.call("POST", `/repos/${repo}/git/trees`, {
      base_tree: commit.at("commit", "tree", "sha"),
      tree: [
        { path: "recipes/jq.toml", mode: "100644", type: "blob", sha: null },
        { path: "added.txt", mode: "100644", type: "blob", content: "added\n" },
      ],
    });
    const draft = { message: "rollback", tree: tree.at("sha"), parents: [main] };
    const made = await client.call("POST", `/repos/${repo}/git/commits`, draft);
    expect(made.body).toMatchObject({ verification: { verified: true } });
    await client.call("POST", `/repos/${repo}/git/refs`, { ref: "refs/heads/rollback", sha: made.at("sha") });
    expect(github.fileAt(repo, "recipes/jq.toml", "rollback")).toBeNull();
    expect(github.fileAt(repo, "added.txt", "rollback")).toBe("added\n");
  });
});
