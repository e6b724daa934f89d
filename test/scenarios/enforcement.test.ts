import { describe, expect } from "vitest";
import { gateOf, openBatch, pullOf } from "./batch-pull.ts";
import { itSurvivesDisturbances } from "./command-story.ts";
import { AUTO, REQUIRED, receipt, state } from "./enforcement-story.ts";
import { REPOSITORY, test, testIn, WORKFLOW } from "./world.ts";

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
