import { describe, expect } from "vitest";
import { test as base } from "./contract-test.ts";

const test = base.extend<{ run: number }>({
  run: [
    async ({ github, repo }, use) => {
      github.addWorkflow(repo, ".github/workflows/batch-generate.yml", "Batch generate");
      const run = github.startRun(repo, "batch-generate.yml");
      github.completeRun(run, {
        conclusion: "success",
        artifacts: { results: new Uint8Array([80, 75]), log: new Uint8Array(9) },
      });
      await use(run);
    },
    { auto: true },
  ],
});

describe("artifacts", () => {
  test("are listed newest first, by name and by run", async ({ client, repo, run }) => {
    const all = await client.call("GET", `/repos/${repo}/actions/artifacts`);
    expect(all.body).toMatchObject({
      total_count: 2,
      artifacts: [{ name: "log", size_in_bytes: 9 }, { name: "results" }],
    });
    const named = await client.call("GET", `/repos/${repo}/actions/runs/${run}/artifacts?name=results`);
    expect(named.body).toMatchObject({ total_count: 1, artifacts: [{ name: "results", workflow_run: { id: run } }] });
  });

  test("are downloaded from another host, which refuses the token", async ({ client, repo, github }) => {
    const listed = await client.call("GET", `/repos/${repo}/actions/artifacts?name=results`);
    const token = await client.mint();
    const url = `${github.url}/repos/${repo}/actions/artifacts/${listed.at("artifacts", 0, "id")}/zip`;
    const sent = await fetch(url, { headers: { authorization: `Bearer ${token}` }, redirect: "manual" });
    expect(sent.status).toBe(302);
    const location = sent.headers.get("location") ?? "";
    expect(new URL(location).host).not.toBe(new URL(github.url).host);
    expect((await fetch(location, { headers: { authorization: `Bearer ${token}` } })).status).toBe(400);
    expect(new Uint8Array(await (await fetch(location)).arrayBuffer())).toEqual(new Uint8Array([80, 75]));
  });

  test("of nobody are not found", async ({ client, repo }) => {
    expect((await client.call("GET", `/repos/${repo}/actions/artifacts/1/zip`)).status).toBe(404);
  });
});
