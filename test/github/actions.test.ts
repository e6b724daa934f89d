import { describe, expect } from "vitest";
import { test as base, names, payloads } from "./contract-test.ts";

const FILE = ".github/workflows/batch-generate.yml";

const test = base.extend<{ workflow: number }>({
  workflow: [async ({ github, repo }, use) => use(github.addWorkflow(repo, FILE, "Batch generate")), { auto: true }],
});

describe("workflow_run", () => {
  test("is requested, in_progress, completed; with workflow and run", async ({ github, repo, workflow }) => {
    const id = github.startRun(repo, "batch-generate.yml", { event: "schedule" });
    github.completeRun(id, { conclusion: "failure", completedAt: "2026-01-28T03:15:00Z" });
    await github.idle();
    expect(names(github).toSorted()).toEqual([
      "workflow_run.completed",
      "workflow_run.in_progress",
      "workflow_run.requested",
    ]);
    expect(payloads(github, "workflow_run").find(({ action }) => action === "completed")).toMatchObject({
      workflow: { id: workflow, path: FILE, name: "Batch generate" },
      workflow_run: {
        id,
        workflow_id: workflow,
        path: FILE,
        name: "Batch generate",
        event: "schedule",
        head_branch: "main",
        head_sha: github.branches(repo).main,
        status: "completed",
        conclusion: "failure",
        run_number: 1,
        run_attempt: 1,
        updated_at: "2026-01-28T03:15:00Z",
        actor: { login: "acme" },
      },
    });
  });

  test("of a rerun keeps id and number and counts attempts", async ({ client, github, repo }) => {
    const id = github.startRun(repo, "batch-generate.yml");
    github.completeRun(id, { conclusion: "failure", jobs: [{ name: "one" }] });
    expect((await client.call("POST", `/repos/${repo}/actions/runs/${id}/rerun`)).status).toBe(201);
    github.completeRun(id, { conclusion: "success", jobs: [{ name: "two" }] });
    const path = `/repos/${repo}/actions/runs/${id}`;
    expect((await client.call("GET", path)).body).toMatchObject({
      run_number: 1,
      run_attempt: 2,
      conclusion: "success",
    });
    const first = await client.call("GET", `${path}/attempts/1`);
    expect(first.body).toMatchObject({ run_attempt: 1, conclusion: "failure" });
    const jobs = async (suffix: string) => (await client.call("GET", `${path}${suffix}`)).body;
    expect(await jobs("/attempts/1/jobs")).toMatchObject({ total_count: 1, jobs: [{ name: "one", run_attempt: 1 }] });
    expect(await jobs("/jobs")).toMatchObject({ total_count: 1, jobs: [{ name: "two", run_attempt: 2 }] });
    expect(await jobs("/jobs?filter=all")).toMatchObject({ total_count: 2 });
  });
});

test("jobs have labels, runner, times and a conclusion of their own; a skipped one had no runner", async ({
  client,
  github,
  repo,
}) => {
  const id = github.startRun(repo, "batch-generate.yml");
  github.completeRun(id, {
    conclusion: "failure",
    completedAt: "2026-01-28T03:15:00Z",
    jobs: [
      { name: "generate (homebrew, macos)", labels: ["macos-14"], conclusion: "success", seconds: 90 },
      { name: "generate (npm, linux)" },
      { name: "publish", conclusion: "skipped" },
      { name: "own", labels: ["self-hosted", "linux"] },
    ],
  });
  expect((await client.call("GET", `/repos/${repo}/actions/runs/${id}/jobs`)).at("jobs")).toMatchObject([
    {
      name: "generate (homebrew, macos)",
      labels: ["macos-14"],
      conclusion: "success",
      started_at: "2026-01-28T03:13:30.000Z",
      completed_at: "2026-01-28T03:15:00Z",
      runner_group_name: "GitHub Actions",
    },
    { labels: ["ubuntu-latest"], conclusion: "failure" },
    { conclusion: "skipped", runner_id: null },
    { runner_group_name: "Default" },
  ]);
});

test("runs are filtered by status, conclusion, creation and workflow", async ({ client, github, repo, workflow }) => {
  const other = github.addWorkflow(repo, ".github/workflows/ci.yml", "CI");
  const old = github.startRun(repo, workflow, { startedAt: "2026-01-01T00:00:00Z" });
  github.completeRun(old, { conclusion: "success" });
  const recent = github.startRun(repo, workflow, { startedAt: "2026-02-01T00:00:00Z" });
  const foreign = github.startRun(repo, other, { startedAt: "2026-02-02T00:00:00Z" });
  const ids = async (path: string) => {
    const { body } = await client.call("GET", `/repos/${repo}/actions/${path}`);
    return (Reflect.get(Object(body), "workflow_runs") ?? []).map((run: { id: number }) => run.id);
  };
  expect(await ids("runs")).toEqual([foreign, recent, old]);
  expect(await ids("runs?status=in_progress")).toEqual([foreign, recent]);
  expect(await ids("runs?status=success")).toEqual([old]);
  expect(await ids("runs?created=>=2026-01-15")).toEqual([foreign, recent]);
  expect(await ids("runs?created=2025-12-01..2026-01-15")).toEqual([old]);
  expect(await ids("runs?created=2026-02-01")).toEqual([recent]);
  expect(await ids("runs?per_page=1")).toEqual([foreign]);
  expect(await ids("workflows/batch-generate.yml/runs")).toEqual([recent, old]);
  expect(await ids(`workflows/${other}/runs`)).toEqual([foreign]);
});

test("cancelling ends the run, a finished one is 409", async ({ client, github, repo }) => {
  const id = github.startRun(repo, "batch-generate.yml");
  const cancel = () => client.call("POST", `/repos/${repo}/actions/runs/${id}/cancel`);
  expect((await cancel()).status).toBe(202);
  await github.idle();
  expect(payloads(github, "workflow_run").map((payload) => payload.action)).toContain("completed");
  expect(github.run(id)).toMatchObject({ status: "completed", conclusion: "cancelled" });
  expect((await cancel()).status).toBe(409);
});

test("a workflow is disabled and enabled by id and by file name, and starts nothing meanwhile", async ({
  client,
  github,
  repo,
  workflow,
}) => {
  const set = (key: string | number, verb: string) =>
    client.call("PUT", `/repos/${repo}/actions/workflows/${key}/${verb}`);
  expect((await set("batch-generate.yml", "disable")).status).toBe(204);
  expect(github.workflowState(repo, workflow)).toBe("disabled_manually");
  expect(() => github.startRun(repo, workflow)).toThrow("is disabled");
  expect((await set(workflow, "enable")).status).toBe(204);
  const { body } = await client.call("GET", `/repos/${repo}/actions/workflows`);
  expect(body).toMatchObject({ total_count: 1, workflows: [{ path: FILE, state: "active" }] });
  expect((await set("nope.yml", "disable")).status).toBe(404);
});

test("a dispatch starts a run by whoever asked", async ({ client, repo }) => {
  const path = `/repos/${repo}/actions/workflows/batch-generate.yml/dispatches`;
  expect((await client.call("POST", path, { ref: "main" })).status).toBe(204);
  const { body } = await client.call("GET", `/repos/${repo}/actions/runs?event=workflow_dispatch`);
  expect(body).toMatchObject({ workflow_runs: [{ actor: { login: "batchkeeper[bot]" }, status: "in_progress" }] });
});
