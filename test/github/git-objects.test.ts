import { describe, expect } from "vitest";
import { test } from "./contract-test.ts";

describe("trees", () => {
  test("are listed by their sha, their commit or a branch, folder by folder or whole", async ({
    client,
    github,
    repo,
  }) => {
    const { main } = github.branches(repo);
    const flat = await client.call("GET", `/repos/${repo}/git/trees/main`);
    expect(flat.at("tree")).toMatchObject([
      { path: "control.json", mode: "100644", type: "blob", size: 3 },
      { path: "list.txt" },
      { path: "recipes", mode: "040000", type: "tree" },
    ]);
    const whole = await client.call("GET", `/repos/${repo}/git/trees/${main}?recursive=0`);
    expect(whole.at("tree", 3)).toMatchObject({ path: "recipes/jq.toml", type: "blob" });
    const folder = await client.call("GET", `/repos/${repo}/git/trees/${flat.at("tree", 2, "sha")}`);
    expect(folder.at("tree")).toMatchObject([{ path: "jq.toml" }]);
    expect((await client.call("GET", `/repos/${repo}/git/trees/${"0".repeat(40)}`)).status).toBe(404);
  });

  test("that are too long are cut, and say so", async ({ client, github, repo }) => {
    github.truncateTreesOver(3);
    const whole = await client.call("GET", `/repos/${repo}/git/trees/main?recursive=1`);
    expect(whole.body).toMatchObject({ truncated: true, tree: { length: 3 } });
  });

  test("are written over a base: what is not named stays, a null sha deletes, folders that empty go", async ({
    client,
    repo,
  }) => {
    const base = await client.call("GET", `/repos/${repo}/git/trees/main`);
    const write = (tree: object[]) =>
      client.call("POST", `/repos/${repo}/git/trees`, { base_tree: base.at("sha"), tree });
    const list = { mode: "100755", type: "blob", sha: base.at("tree", 1, "sha") };
    const written = await write([
      { path: "recipes/jq.toml", mode: "100644", type: "blob", sha: null },
      { path: "bin/list", ...list },
    ]);
    expect(written.status).toBe(201);
    expect(written.at("tree")).toMatchObject([{ path: "bin" }, { path: "control.json" }, { path: "list.txt" }]);
    const missing = await write([{ path: "recipes/no.toml", mode: "100644", type: "blob", sha: null }]);
    expect(missing.status).toBe(422);
    expect((await write([{ path: "a", ...list, sha: "0".repeat(40) }])).status).toBe(422);
    expect((await write([{ path: "../a", ...list }])).status).toBe(422);
    expect((await write([{ path: "a", ...list, content: "both" }])).status).toBe(422);
  });
});

test("a blob is read by its sha, in base64", async ({ client, repo }) => {
  const sha = (await client.call("GET", `/repos/${repo}/contents/control.json`)).at("sha");
  const blob = await client.call("GET", `/repos/${repo}/git/blobs/${sha}`);
  expect(Buffer.from(String(blob.at("content")), "base64").toString()).toBe("{}\n");
});

describe("reviews", () => {
  test("are asked of collaborators, once each, and told as events", async ({ client, github, repo }) => {
    github.pushAs("olga", repo, "topic", { x: "1" }, "topic");
    const pull = await client.call("POST", `/repos/${repo}/pulls`, { title: "t", head: "topic", base: "main" });
    const ask = (...reviewers: string[]) =>
      client.call("POST", `/repos/${repo}/pulls/${pull.at("number")}/requested_reviewers`, { reviewers });
    expect((await ask("olga")).status).toBe(201);
    await ask("olga", "rita");
    expect(github.pulls(repo)[0]?.reviewers).toEqual(["olga", "rita"]);
    github.createUser("mallory");
    expect((await ask("mallory")).status).toBe(422);
    await github.idle();
    const asked = github.deliveries.filter(
      ({ event, action }) => event === "pull_request" && action === "review_requested",
    );
    expect(asked).toHaveLength(2);
  });
});

test("collaborators are listed by what they may, and a public repository's readers are none", async ({
  client,
  github,
  repo,
}) => {
  github.createUser("mallory");
  const logins = async (query: string) => {
    const { body } = await client.call("GET", `/repos/${repo}/collaborators${query}`);
    return (body as { login: string }[]).map(({ login }) => login);
  };
  expect(await logins("")).toEqual(["acme", "olga", "rita"]);
  expect(await logins("?permission=push")).toEqual(["acme", "olga"]);
});
