import { describe, expect } from "vitest";
import { receipt, state } from "./enforcement-story.ts";
import { REPOSITORY, test, WORKFLOW } from "./world.ts";

describe("--now", () => {
  const IN_FLIGHT = ["queued", "in_progress", "waiting"] as const;

  test("cancels the batch runs that wait or run, and says so", async ({ world }) => {
    const runs = IN_FLIGHT.map((status) => world.github.startRun(REPOSITORY, WORKFLOW, { status }));
    await world.comment("olga", "/batch stop homebrew --now");
    expect(runs.map((run) => world.github.run(run).conclusion)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(receipt(world)).toContain("in force; 3 runs cancelled");
    expect(state(world)).toBe("active");
  });

  test("a stop without it leaves them alone", async ({ world }) => {
    const run = world.github.startRun(REPOSITORY, WORKFLOW);
    await world.comment("olga", "/batch stop");
    expect(world.github.run(run).status).toBe("in_progress");
    expect(state(world)).toBe("active");
    expect(receipt(world)).not.toMatch(/cancelled|disabled|Z: in force/);
  });

  test("on everything disables the workflows that were active, and resume enables exactly those", async ({ world }) => {
    world.github.addWorkflow(REPOSITORY, ".github/workflows/batch-operations.yml", "Batch operations");
    world.github.addWorkflow(REPOSITORY, ".github/workflows/tests.yml", "Tests");
    await world.github.switchWorkflowAs("acme", REPOSITORY, "batch-operations.yml", "disable");
    await world.comment("olga", "/batch stop --now");
    expect(state(world)).toBe("disabled_manually");
    expect(world.github.workflowState(REPOSITORY, "tests.yml")).toBe("active");
    expect(receipt(world)).toMatch(/in force; `batch-generate.yml` disabled/);
    await world.comment("olga", "/batch resume");
    expect(state(world)).toBe("active");
    expect(world.github.workflowState(REPOSITORY, "batch-operations.yml")).toBe("disabled_manually");
    expect(receipt(world)).toContain("`batch-generate.yml` enabled again");
  });

  test("a run that starts while the workflows are being disabled is cancelled too", async ({ world }) => {
    const started: number[] = [];
    world.beforeNext({ method: "PUT", path: /\/disable$/ }, () => {
      started.push(world.github.startRun(REPOSITORY, WORKFLOW));
    });
    await world.comment("olga", "/batch stop --now");
    expect(started.map((run) => world.github.run(run).conclusion)).toEqual(["cancelled"]);
    expect(receipt(world)).toContain("1 run cancelled");
  });

  test("a run that ends before it can be cancelled is told as that", async ({ world }) => {
    const run = world.github.startRun(REPOSITORY, WORKFLOW);
    world.beforeNext({ method: "POST", path: /\/cancel$/ }, () => {
      world.github.completeRun(run, { conclusion: "success" });
    });
    await world.comment("olga", "/batch stop homebrew --now");
    expect(receipt(world)).toContain("1 run had already finished");
  });

  test("workflows stay disabled until the last stop that disabled them is lifted", async ({ world }) => {
    await world.comment("olga", "/batch stop --now");
    await world.comment("acme", "/batch stop --now");
    const [first, second] = world.control().batchkeeper?.holds ?? [];
    await world.comment("olga", `/batch resume --hold ${first?.id}`);
    expect(state(world)).toBe("disabled_manually");
    await world.comment("olga", `/batch resume --hold ${second?.id}`);
    expect(state(world)).toBe("active");
  });

  test("a hold that somebody lifts by hand behind the app's back gives the workflows back", async ({ world }) => {
    await world.comment("olga", "/batch stop --now");
    await world.editControl("paul", { enabled: true });
    expect(state(world)).toBe("active");
    expect(world.held()).toEqual([]);
  });

  test("during a burst of runs every one of them is cancelled, and none is counted against anybody", async ({
    world,
  }) => {
    const runs = Array.from({ length: 12 }, () => world.github.startRun(REPOSITORY, WORKFLOW));
    await world.comment("olga", "/batch stop --now");
    expect(new Set(runs.map((run) => world.github.run(run).conclusion))).toEqual(new Set(["cancelled"]));
    expect(receipt(world)).toContain("12 runs cancelled");
    expect(world.control().circuit_breaker).toEqual({});
    expect(world.openIncidents()).toEqual([]);
  });

  test("leaves runs of pull requests and of other workflows alone", async ({ world }) => {
    world.github.addWorkflow(REPOSITORY, ".github/workflows/tests.yml", "Tests");
    const others = [
      world.github.startRun(REPOSITORY, "tests.yml"),
      world.github.startRun(REPOSITORY, WORKFLOW, { event: "pull_request" }),
    ];
    await world.comment("olga", "/batch stop --now");
    expect(others.map((run) => world.github.run(run).status)).toEqual(["in_progress", "in_progress"]);
  });
});

test("a security hold is at once, like --now, and does not end by itself", async ({ world }) => {
  const run = world.github.startRun(REPOSITORY, WORKFLOW);
  await world.comment("olga", "/batch stop --security suspected compromise");
  expect(world.control().batchkeeper?.holds).toMatchObject([{ scope: "*", kind: "security" }]);
  expect(world.github.run(run).conclusion).toBe("cancelled");
  expect(state(world)).toBe("disabled_manually");
  await world.comment("olga", "/batch resume");
  expect(world.held()).toEqual(["*"]);
  expect(state(world)).toBe("disabled_manually");
});
