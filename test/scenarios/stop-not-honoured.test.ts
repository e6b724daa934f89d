import { describe, expect, onTestFinished, vi } from "vitest";
import type { JobSpec } from "../github/workflow-runs.ts";
import { openBatch } from "./batch-pull.ts";
import { REPOSITORY, test, WORKFLOW, type World } from "./world.ts";

const JOB = "generate (homebrew, linux)";
const MINUTE = 60_000;

/** A run that starts now, with jobs that have begun. */
async function start(world: World, jobs: readonly JobSpec[], workflow = WORKFLOW): Promise<number> {
  const run = world.github.startRun(REPOSITORY, workflow);
  world.github.startJobs(run, jobs);
  await world.quiet();
  return run;
}

/** A batch of homebrew merges while that is stopped, and of the merge nobody hears before the deliveries are released. */
async function mergeUnheard(world: World): Promise<void> {
  const batch = await openBatch(world, { results: ["homebrew"] });
  await world.comment("olga", "/batch stop homebrew");
  world.github.onDelivery(({ event }) => (event === "pull_request" ? "hold" : "send"));
  await world.github.mergeAs("acme", REPOSITORY, batch);
}

function alarms(world: World) {
  return world.incidents().filter(({ title }) => title.startsWith("Stop not honoured"));
}

describe("while a hold stands", () => {
  test("a run that starts and works in its scope is a critical incident, and the receipt says so", async ({
    world,
  }) => {
    await world.comment("olga", "/batch stop homebrew — mirror returns 503");
    const run = await start(world, [{ name: JOB }]);
    expect(alarms(world)).toEqual([]);
    await world.pass(3 * MINUTE);
    expect(alarms(world)).toMatchObject([
      { title: "Stop not honoured: homebrew", state: "open", labels: expect.arrayContaining(["severity:critical"]) },
    ]);
    expect(alarms(world)[0]?.body).toContain(`[Run ${run} worked on homebrew](`);
    expect(alarms(world)[0]?.body).toContain("by `olga`");
    expect(world.replies()[0]).toMatch(
      new RegExp(`\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\dZ: \\*\\*not honoured\\*\\*: \\[run ${run} worked on homebrew\\]`),
    );
  });

  test("one that is over before it is looked at is told when it ends", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const run = await world.run({ homebrew: "success", npm: "success" }, { endedAt: Date.now(), minutes: 0 });
    expect(alarms(world)).toHaveLength(1);
    expect(alarms(world)[0]?.body).toContain(`Run ${run} worked on homebrew]`);
  });

  test("one is no violation of a hold on the same that came after it", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const fault = world.github.fault({ method: "POST", path: /\/issues$/, status: 500 });
    const running = world.run({ homebrew: "success" }, { endedAt: Date.now(), minutes: 0 });
    await expect.poll(() => fault.hits, { timeout: 10_000 }).toBeGreaterThan(3);
    await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop homebrew --security odd checksums");
    await expect.poll(() => world.control().batchkeeper?.holds.length, { timeout: 10_000 }).toBe(2);
    fault.remove();
    await running;
    expect(alarms(world)).toHaveLength(1);
  });

  test("one is told although the hold was lifted before it could be", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const fault = world.github.fault({ method: "POST", path: /\/issues$/, status: 500 });
    const running = world.run({ homebrew: "success" }, { endedAt: Date.now(), minutes: 0 });
    await expect.poll(() => fault.hits, { timeout: 10_000 }).toBeGreaterThan(3);
    await world.github.commentAs("olga", REPOSITORY, 1, "/batch resume homebrew");
    await expect.poll(() => world.held(), { timeout: 10_000 }).toEqual([]);
    fault.remove();
    const run = await running;
    expect(alarms(world).map(({ body }) => body.includes(`Run ${run} worked on homebrew]`))).toEqual([true]);
  });

  test("one is told although nobody heard of its end before the hold was lifted", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    world.github.onDelivery(({ event }) => (event === "workflow_run" ? "hold" : "send"));
    const run = await world.run({ homebrew: "success" }, { endedAt: Date.now(), minutes: 0 });
    await world.editControl("paul", { disabled_ecosystems: [] });
    expect(world.held()).toEqual([]);
    world.github.release();
    await world.quiet();
    expect(alarms(world).map(({ body }) => body.includes(`Run ${run} worked on homebrew]`))).toEqual([true]);
  });

  test("a rerun is told although nobody heard of its end before the hold was lifted", async ({ world }) => {
    const run = await world.run({ homebrew: "failure" });
    await world.comment("olga", "/batch stop homebrew");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * MINUTE });
    onTestFinished(() => void vi.useRealTimers());
    world.github.onDelivery(({ event }) => (event === "workflow_run" ? "hold" : "send"));
    const startedAt = new Date().toISOString();
    world.github.rerun(run, startedAt);
    const jobs = [{ name: JOB, conclusion: "success", startedAt } as const];
    world.github.completeRun(run, { conclusion: "success", jobs, completedAt: startedAt });
    await world.comment("olga", "/batch resume homebrew");
    world.github.release();
    await world.quiet();
    expect(alarms(world).map(({ body }) => body.includes(`Run ${run} worked on homebrew]`))).toEqual([true]);
  });

  test("a run is held against what is held now, and asks for nothing more, where nothing was lifted", async ({
    world,
  }) => {
    await world.run({ homebrew: "success" });
    await world.pass(20 * MINUTE);
    const mark = world.github.log.length;
    await world.run({ homebrew: "success" }, { endedAt: world.clock.now() });
    expect(world.github.calls(mark).filter(({ operation }) => operation === "query Texts")).toEqual([]);
  });

  test.for<[string, number]>([
    ["a run whose jobs name no ecosystem is told by the results that it uploads", 1],
    ["one whose results say that it tried nothing of it is no alarm", 0],
  ])("%s", async ([, succeeded], { world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const results = { per_ecosystem: { homebrew: { succeeded, failed: 0 }, npm: { succeeded: 2, failed: 0 } } };
    const run = await world.run({}, { minutes: 0, results });
    expect(alarms(world).map(({ body }) => body.includes(`Run ${run} worked on homebrew]`))).toEqual(
      succeeded === 0 ? [] : [true],
    );
  });

  test("further runs are added to its one incident, each once, however often its event comes", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    world.github.onDelivery(() => "double");
    const runs: number[] = [];
    for (let run = 0; run < 3; run += 1) runs.push(await world.run({ homebrew: "success" }, { minutes: 0 }));
    await world.startApp();
    await world.pass(5 * MINUTE);
    const [alarm, ...others] = alarms(world);
    expect(others).toEqual([]);
    const [told = ""] = alarm?.body.split("<!-- batchkeeper-log", 1) ?? [];
    const said = [told, ...world.replies(alarm?.number)].join("\n");
    for (const run of runs) expect(said.match(new RegExp(`Run ${run} worked`, "g"))).toHaveLength(1);
    for (const run of runs) expect(world.replies()[0]?.match(new RegExp(`run ${run} worked`, "g"))).toHaveLength(1);
  });

  test.for<[string, string, readonly JobSpec[]]>([
    ["works on another ecosystem", "homebrew", [{ name: "generate (npm, linux)" }]],
    ["only asked and skipped its jobs", "", [{ name: "preflight" }, { name: JOB, conclusion: "skipped" }]],
    [
      "asked the preflight in each job, and stood down",
      "homebrew",
      [
        {
          name: JOB,
          steps: [
            ["Set up job", "success"],
            ["Run batchkeeper/batchkeeper/preflight@1f2e", "success"],
            ["Run ./make-recipes.sh", "skipped"],
            ["Complete job", "success"],
          ],
        },
      ],
    ],
    ["was cancelled", "homebrew", [{ name: JOB, conclusion: "cancelled" }]],
  ])("a run that %s is no alarm", async ([, scope, jobs], { world }) => {
    await world.comment("olga", `/batch stop ${scope}`);
    const run = world.github.startRun(REPOSITORY, WORKFLOW);
    await world.pass(4 * MINUTE);
    world.github.completeRun(run, { conclusion: "success", jobs });
    await world.quiet();
    expect(alarms(world)).toEqual([]);
  });

  test("a run that asked the preflight and worked all the same is one", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const steps = [
      ["Run ./.github/actions/preflight", "success"],
      ["Run ./make-recipes.sh", null],
    ] as const;
    await start(world, [{ name: JOB, steps }]);
    await world.pass(4 * MINUTE);
    expect(alarms(world)).toHaveLength(1);
  });

  test("a run that had started before it is none, and neither is a rerun from before", async ({ world }) => {
    const before = world.github.startRun(REPOSITORY, WORKFLOW);
    await world.comment("olga", "/batch stop homebrew");
    world.github.completeRun(before, { conclusion: "success", jobs: [{ name: JOB, seconds: 1 }] });
    await world.quiet();
    expect(alarms(world)).toEqual([]);
  });

  test("a rerun runs the old commit, and is one all the same", async ({ world }) => {
    const run = await world.run({ homebrew: "failure" });
    await world.comment("olga", "/batch stop homebrew");
    const later = Date.now() + 5 * MINUTE;
    world.github.rerun(run, new Date(later).toISOString());
    const job = { name: JOB, startedAt: new Date(later).toISOString() };
    world.github.completeRun(run, {
      conclusion: "success",
      jobs: [job],
      completedAt: new Date(later + MINUTE).toISOString(),
    });
    await world.quiet();
    expect(alarms(world)).toHaveLength(1);
  });

  test("a start of a workflow that was disabled for it is an alarm at once", async ({ world }) => {
    await world.comment("olga", "/batch stop --now");
    await world.github.switchWorkflowAs("acme", REPOSITORY, WORKFLOW, "enable");
    const run = await start(world, []);
    expect(alarms(world)).toMatchObject([{ title: "Stop not honoured: everything" }]);
    expect(alarms(world)[0]?.body).toContain(`Run ${run} of ${WORKFLOW} started although the workflow was disabled`);
  });

  test("a batch that merges in its scope is a critical incident that names it", async ({ world }) => {
    const batch = await openBatch(world, { results: ["homebrew"] });
    const other = await openBatch(world, { recipes: { prettier: "npm_install" } });
    await world.comment("olga", "/batch stop homebrew");
    await world.github.mergeAs("acme", REPOSITORY, other);
    await world.quiet();
    expect(alarms(world)).toEqual([]);
    await world.github.mergeAs("acme", REPOSITORY, batch, { merge_method: "squash" });
    await world.quiet();
    expect(alarms(world)).toMatchObject([{ title: "Stop not honoured: homebrew", state: "open" }]);
    expect(alarms(world)[0]?.body).toContain(`[Batch #${batch} merged](`);
    expect(world.replies()[0]).toContain(`**not honoured**: [batch #${batch} merged](`);
  });

  test("a batch that had merged before it is none, although its event comes later", async ({ world }) => {
    const batch = await openBatch(world, { results: ["homebrew"] });
    world.github.onDelivery(({ event }) => (event === "pull_request" ? "hold" : "send"));
    await world.github.mergeAs("acme", REPOSITORY, batch);
    await world.comment("olga", "/batch stop homebrew");
    world.github.release();
    await world.quiet();
    expect(alarms(world)).toEqual([]);
  });

  test("a batch that merged under it is one, although its event comes when nothing is stopped any more", async ({
    world,
  }) => {
    await mergeUnheard(world);
    await world.comment("olga", "/batch resume homebrew");
    world.github.release();
    await world.quiet();
    expect(alarms(world)).toMatchObject([{ title: "Stop not honoured: homebrew" }]);
  });

  test("a batch that merged under it is no violation of a hold on the same that came after that", async ({ world }) => {
    await mergeUnheard(world);
    await world.comment("olga", "/batch stop homebrew --security odd checksums");
    world.github.release();
    await world.quiet();
    expect(alarms(world)).toHaveLength(1);
  });

  test("a hold made by hand is honoured alike, although it has no receipt", async ({ world }) => {
    await world.editControl("paul", { disabled_ecosystems: ["homebrew"] });
    await world.run({ homebrew: "success" }, { minutes: 0 });
    expect(alarms(world)).toHaveLength(1);
  });
});

test("what runs once a hold is lifted is no alarm", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew");
  await world.comment("olga", "/batch resume homebrew");
  await start(world, [{ name: JOB }]);
  await world.pass(4 * MINUTE);
  expect(alarms(world)).toEqual([]);
});
