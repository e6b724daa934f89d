import { describe, expect } from "vitest";
import { HOUR, MINUTE } from "../../src/domain/instant.ts";
import { breaker, failFourTimes, MONDAY, OPENED } from "./breaker-story.ts";
import { CONTROL_FILE, REPOSITORY, test } from "./world.ts";

test("an ecosystem that fails from its first run on opens its breaker at the fourth", async ({ world }) => {
  for (let run = 1; run <= 3; run++) {
    await world.run({ homebrew: "failure", npm: "success" });
    expect(breaker(world)).toMatchObject({ state: "closed", failures: run });
  }
  await world.run({ homebrew: "failure", npm: "success" });
  expect(breaker(world)).toMatchObject({ state: "open", failures: 4 });
  expect(world.control().circuit_breaker.npm).toMatchObject({ state: "closed", failures: 0 });
});

test("the documented number of failures in a row opens a breaker", async ({ world }) => {
  const settings = "breaker: { consecutive: 2, min_calls: 10 }\n";
  await world.push("olga", { ".github/batchkeeper.yml": settings });
  await world.run({ homebrew: "failure" });
  await world.run({ homebrew: "success" });
  await world.run({ homebrew: "failure" });
  expect(breaker(world)?.state).toBe("closed");
  await world.run({ homebrew: "failure" });
  expect(breaker(world)).toMatchObject({ state: "open", failures: 2 });
});

test("an open breaker is due one hour after the failure that opened it", async ({ world }) => {
  await failFourTimes(world);
  expect(breaker(world)).toMatchObject({
    last_failure: new Date(OPENED).toISOString().replace(".000", ""),
    opens_at: new Date(OPENED + HOUR).toISOString().replace(".000", ""),
  });
});

test("a run is counted in one commit that names it", async ({ world }) => {
  const run = await world.run({ homebrew: "failure" });
  expect(world.controlCommits()[0]).toMatchObject({
    message: expect.stringMatching(/^chore\(batch\): count a run: homebrew closed \[skip ci\]\n/),
    trailers: { "Batchkeeper-Run": `${run}.1` },
    verified: true,
    files: ["batch-control.json"],
  });
  expect(world.control().batchkeeper?.seen.runs).toEqual([`${run}.1`]);
});

describe("a run counts once", () => {
  test("when its event is doubled", async ({ world }) => {
    world.github.onDelivery(() => "double");
    await world.run({ homebrew: "failure" });
    expect(breaker(world)?.failures).toBe(1);
    expect(world.controlCommits()).toHaveLength(2);
  });

  test("when its event comes again after the app has lost its memory", async ({ world }) => {
    await failFourTimes(world);
    const before = world.controlText();
    const commits = world.controlCommits().length;
    await world.startApp();
    for (const { guid } of world.github.deliveries.filter(({ event }) => event === "workflow_run")) {
      world.github.redeliver(guid);
    }
    await world.quiet();
    expect(world.controlText()).toBe(before);
    expect(world.controlCommits()).toHaveLength(commits);
    // The runs are days old, so that the new process also tells that no other has followed.
    expect(world.incidents().map(({ title }) => title)).toEqual([
      "homebrew: the circuit breaker is open",
      "No batch has run for a while, although nothing stops it",
    ]);
  });

  test("and its rerun takes its place", async ({ world }) => {
    const run = await world.run({ homebrew: "failure" }, { endedAt: MONDAY });
    world.github.rerun(run, new Date(MONDAY + HOUR).toISOString());
    const jobs = [{ name: "generate (homebrew, linux)", startedAt: new Date(MONDAY + HOUR).toISOString() }];
    const completedAt = new Date(MONDAY + HOUR + 5 * MINUTE).toISOString();
    world.github.completeRun(run, { conclusion: "success", jobs, completedAt });
    await world.quiet();
    expect(breaker(world)?.failures).toBe(0);
    expect(world.control().batchkeeper?.breakers.homebrew?.window).toEqual([expect.stringMatching(`^${run}\\.2 `)]);
  });
});

test("runs leave the same breaker in whatever order they arrive", async ({ world }) => {
  const story = ["success", "failure", "failure", "failure", "success", "failure"] as const;
  // It is due in half an hour: a timer leaves it alone.
  const from = Math.floor(Date.now() / 1000) * 1000 - HOUR;
  for (const order of ["in-order", "reversed"] as const) {
    world.github.onDelivery(({ event }) => (event === "workflow_run" ? "hold" : "send"));
    for (const [index, outcome] of story.entries()) {
      await world.run({ [order]: outcome }, { endedAt: from + index * 10 * MINUTE });
    }
    world.github.release(order);
    await world.quiet();
  }
  const { "in-order": inOrder, reversed } = world.control().circuit_breaker;
  expect(inOrder).toMatchObject({ state: "open", failures: 3 });
  expect(reversed).toEqual(inOrder);
});

describe("a run that says nothing about the pipeline is ignored:", () => {
  test.for([
    { what: "of another branch", story: { branch: "feature" } },
    { what: "of a pull request", story: { event: "pull_request" } },
    { what: "of a pull request from outside", story: { event: "pull_request_target" } },
    { what: "of another workflow", story: { workflow: "lint.yml" } },
  ])("$what", async ({ story }, { world }) => {
    world.github.addWorkflow(REPOSITORY, ".github/workflows/lint.yml", "Lint");
    world.github.createBranch(REPOSITORY, "feature");
    const before = world.controlText();
    await world.run({ homebrew: "failure" }, story);
    expect(world.controlText()).toBe(before);
  });

  test("of a fork whose branch is called like ours", async ({ world }) => {
    world.github.onDelivery(() => "drop");
    await world.run({ homebrew: "failure" });
    const payload = JSON.parse(world.github.deliveries.at(-1)?.body ?? "");
    payload.workflow_run.head_repository.full_name = "mallory/recipes";
    const before = world.controlText();
    const answer = await world.webhook.deliver("workflow_run", payload);
    expect(answer.status).toBe(202);
    expect(world.controlText()).toBe(before);
  });
});

test("a breaker that was due while the control file could not be read is half-open once it is mended", async ({
  world,
}) => {
  const now = Date.now();
  for (const ago of [4, 3, 2, 1, 0]) await world.run({ homebrew: "failure" }, { endedAt: now - ago * MINUTE });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("open");
  const sound = world.controlText() ?? "";
  await world.push("olga", { [CONTROL_FILE]: "{ oops" });
  await world.pass(HOUR + MINUTE);
  await world.push("olga", { [CONTROL_FILE]: sound });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("half-open");
});
