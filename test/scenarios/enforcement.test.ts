import { describe, expect } from "vitest";
import { gateOf, openBatch, pullOf } from "./batch-pull.ts";
import { itSurvivesDisturbances } from "./command-story.ts";
import { REPOSITORY, test, testIn, WORKFLOW, type World } from "./world.ts";

const REQUIRED = { requiredChecks: ["Batch gate", "build"], bypassApp: true };
const AUTO = { headline: "chore(recipes): batch", body: "batch_id: 2026-06-26" };
const state = (world: World) => world.github.workflowState(REPOSITORY, WORKFLOW);
const receipt = (world: World) => world.replies().at(-1) ?? "";

describe("auto-merge", () => {
  test("is switched off where a stop covers, and on again as it was when that is lifted", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const homebrew = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    const npm = await openBatch(world, { results: ["npm"], autoMerge: {} });
    await world.comment("olga", "/batch stop homebrew");
    expect(pullOf(world, homebrew).autoMerge).toBeNull();
    expect(pullOf(world, npm).autoMerge).toBe("squash");
    expect(world.control().batchkeeper?.enforced).toEqual({
      auto_merge: [{ pull: homebrew, method: "SQUASH", ...AUTO }],
      workflows: [],
    });
    expect(receipt(world)).toMatch(
      /\d\d:\d\dZ: in force; 1 pull request held \(\[#2\].*auto-merge switched off for \[#2\]/,
    );
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, homebrew).autoMerge).toBe("squash");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
    expect(receipt(world)).toMatch(/lifted; 1 pull request released \(\[#2\].*auto-merge on again for \[#2\]/);
    await world.github.endCheck(REPOSITORY, pullOf(world, homebrew).headSha, "build", "success");
    expect(world.github.commits(REPOSITORY)[0]?.message).toBe(`${AUTO.headline}\n\n${AUTO.body}`);
  });

  test("stays off while another hold still covers, and comes back with the last", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    await world.comment("olga", "/batch stop");
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    await world.comment("olga", "/batch resume");
    expect(pullOf(world, batch).autoMerge).toBe("squash");
  });

  test("comes back after a hold that somebody lifts by hand", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    await world.startApp();
    await world.editControl("paul", { disabled_ecosystems: [] });
    expect(pullOf(world, batch).autoMerge).toBe("squash");
    expect(gateOf(world, batch)?.conclusion).toBe("success");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
  });

  test("is given to nobody who had not asked for it, and to nobody twice", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"] });
    await world.comment("olga", "/batch stop homebrew");
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(world.github.calls().some(({ path }) => path.includes("enforced"))).toBe(false);
  });

  test("that a pipeline asks for under a stop is switched off too", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    await world.comment("olga", "/batch stop homebrew");
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, batch).autoMerge).toBe("squash");
  });

  test("that GitHub refuses to switch on again is named, with what to do", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    world.github.allowAutoMerge(REPOSITORY, false);
    await world.comment("olga", "/batch resume homebrew");
    expect(receipt(world)).toMatch(
      /\*\*Not done:\*\* auto-merge of \[#2\]\(\S+\) was not switched on again: .* merge it\./,
    );
    expect(gateOf(world, batch)?.conclusion).toBe("success");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
  });

  test("of a batch that is closed meanwhile is forgotten", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    await world.github.editPullAs("acme", REPOSITORY, batch, { state: "closed" });
    await world.comment("olga", "/batch resume homebrew");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
    expect(receipt(world)).not.toContain("auto-merge");
  });
});

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

testIn({ collaborators: { oscar: "write" } })(
  "what a resume lifts of two holds, and an approval of the other, gives everything back",
  async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["npm"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop npm --security — drift");
    await world.comment("oscar", "/batch stop npm");
    await world.comment("olga", "/batch resume npm");
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    await world.comment("oscar", "/batch approve");
    expect(world.held()).toEqual([]);
    expect(gateOf(world, batch)?.conclusion).toBe("success");
    expect(pullOf(world, batch).autoMerge).toBe("squash");
  },
);

describe("what the app may not do is named, and the rest goes on", () => {
  const ALL = {
    metadata: "read",
    contents: "write",
    issues: "write",
    pull_requests: "write",
    actions: "write",
    checks: "write",
    members: "read",
  };

  async function stopWithout(world: World, permission: keyof typeof ALL): Promise<number> {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    world.github.startRun(REPOSITORY, WORKFLOW);
    world.github.setPermissions({ ...ALL, [permission]: "read" });
    await world.comment("olga", "/batch stop --now");
    return batch;
  }

  test("without Checks: write", async ({ world }) => {
    const batch = await stopWithout(world, "checks");
    expect(world.held()).toEqual(["*"]);
    expect(receipt(world)).toContain(
      "the gate of 1 pull request could not be set: the app lacks the permission `Checks: write`",
    );
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(receipt(world)).toContain("1 run cancelled");
    expect(state(world)).toBe("disabled_manually");
  });

  test("without Actions: write", async ({ world }) => {
    const batch = await stopWithout(world, "actions");
    expect(world.held()).toEqual(["*"]);
    expect(receipt(world)).toContain("1 run could not be cancelled: the app lacks the permission `Actions: write`");
    expect(receipt(world)).toContain("1 workflow could not be disabled: the app lacks the permission `Actions: write`");
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    expect(pullOf(world, batch).autoMerge).toBeNull();
  });

  test("without Pull requests: write there is no stop, and the reply says why", async ({ world }) => {
    await stopWithout(world, "pull_requests");
    expect(world.held()).toEqual([]);
    expect(receipt(world)).toMatch(/\*\*failed\*\*.*the app lacks the permission `Pull requests: write`/);
  });

  test("without Contents: write there is no stop, and the reply says why", async ({ world }) => {
    await stopWithout(world, "contents");
    expect(world.held()).toEqual([]);
    expect(receipt(world)).toMatch(/\*\*failed\*\*.*the app lacks the permission `Contents: write`/);
  });

  test("without Issues: write nothing is left out: GitHub lets the other permission answer", async ({ world }) => {
    const batch = await stopWithout(world, "issues");
    expect(world.held()).toEqual(["*"]);
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    expect(state(world)).toBe("disabled_manually");
    expect(receipt(world)).toMatch(/in force; 1 run cancelled.*1 pull request held/);
  });

  test("what a stop could not set is set once the permission is there", async ({ world }) => {
    const batch = await stopWithout(world, "checks");
    world.github.setPermissions(ALL);
    await world.pass(6 * 60_000);
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
  });

  testIn({ private: true })(
    "a private repository whose checks it may not even read is stopped all the same",
    async ({ world }) => {
      const { checks: _, ...rest } = ALL;
      world.github.setPermissions(rest);
      world.github.protect(REPOSITORY, "main", REQUIRED);
      const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
      await world.comment("olga", "/batch stop homebrew");
      expect(pullOf(world, batch).autoMerge).toBeNull();
      expect(receipt(world)).toContain("`Checks: write`");
    },
  );
});

test("a stop of one ecosystem among batches of several holds what it covers and nothing else", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", REQUIRED);
  const names = ["homebrew", "npm", "pypi", "homebrew"];
  const batches: number[] = [];
  for (const name of names) batches.push(await openBatch(world, { results: [name], autoMerge: AUTO }));
  const mixed = await openBatch(world, { results: ["npm", "homebrew"], autoMerge: AUTO });
  await world.comment("olga", "/batch stop homebrew");
  const conclusions = [...batches, mixed].map((batch) => [
    gateOf(world, batch)?.conclusion,
    pullOf(world, batch).autoMerge,
  ]);
  expect(conclusions).toEqual([
    ["failure", null],
    ["success", "squash"],
    ["success", "squash"],
    ["failure", null],
    ["failure", null],
  ]);
});

test("a stop that is first delivered after its resume is late and safe: it stands, and is enforced", async ({
  world,
}) => {
  await world.run({ homebrew: "success" });
  const batch = await openBatch(world, { results: ["homebrew"] });
  world.github.onDelivery(({ event }) => (event === "issue_comment" ? "hold" : "send"));
  await world.comment("olga", "/batch stop homebrew --now");
  world.github.onDelivery(() => "send");
  await world.comment("olga", "/batch resume homebrew");
  expect(receipt(world)).toContain("there is nothing to lift for homebrew");
  const run = world.github.startRun(REPOSITORY, WORKFLOW);
  world.github.release();
  await world.quiet();
  expect(world.held()).toEqual(["homebrew"]);
  expect(gateOf(world, batch)?.conclusion).toBe("failure");
  expect(world.github.run(run).conclusion).toBe("cancelled");
  expect(receipt(world)).toMatch(/in force; 1 run cancelled.*1 pull request held/);
});

test("a stop that arrives after its resume, and was answered, changes nothing", async ({ world }) => {
  const batch = await openBatch(world, { results: ["homebrew"] });
  const comment = await world.comment("olga", "/batch stop homebrew --now");
  await world.comment("olga", "/batch resume homebrew");
  await world.startApp();
  const run = world.github.startRun(REPOSITORY, WORKFLOW);
  await world.redeliver(world.deliveryOf(comment));
  expect(world.held()).toEqual([]);
  expect(gateOf(world, batch)?.conclusion).toBe("success");
  expect(world.github.run(run).status).toBe("in_progress");
});

test("a stop whose process dies after the hold landed is enforced by the next", async ({ world }) => {
  const batch = await openBatch(world, { results: ["homebrew"] });
  // Everything after the merge fails until the process is gone.
  const faults = [/\/check-runs/, /\/issues\/1\/comments$/, /\/issues\/comments\//].map((path) =>
    world.github.fault({ method: "POST", path, status: 502 }),
  );
  await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop homebrew");
  await expect.poll(() => world.held(), { timeout: 10_000 }).toEqual(["homebrew"]);
  for (const fault of faults) fault.remove();
  await world.startApp({ forget: false });
  await world.pass(6 * 60_000);
  expect(gateOf(world, batch)?.conclusion).toBe("failure");
  expect(receipt(world)).toMatch(/1 pull request held/);
});

describe("a stop at once, with an open batch that merges by itself", async () => {
  await itSurvivesDisturbances({
    before: [],
    command: "/batch stop --now — wrong checksums",
    prepare: async (world) => {
      world.github.protect(REPOSITORY, "main", REQUIRED);
      await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
      world.github.startRun(REPOSITORY, WORKFLOW);
      await world.quiet();
    },
    more: (world) => ({
      gate: gateOf(world, 2)?.title,
      autoMerge: pullOf(world, 2).autoMerge,
      workflow: state(world),
      enforced: world.control().batchkeeper?.enforced,
    }),
  });
});

describe("its resume", async () => {
  await itSurvivesDisturbances({
    before: ["/batch stop --now"],
    command: "/batch resume",
    prepare: async (world) => {
      world.github.protect(REPOSITORY, "main", REQUIRED);
      await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    },
    more: (world) => ({
      gate: gateOf(world, 2)?.title,
      autoMerge: pullOf(world, 2).autoMerge,
      workflow: state(world),
      enforced: world.control().batchkeeper?.enforced ?? null,
    }),
  });
});
