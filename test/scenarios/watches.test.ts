import { describe, expect } from "vitest";
import { REPOSITORY, test, WORKFLOW, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STALE = "No batch has run for a while, although nothing stops it";

const stale = (world: World) => world.openIncidents().find(({ title }) => title === STALE);

describe("a pipeline that stands still although nothing stops it", () => {
  test("is an incident after the time that the settings allow", async ({ world }) => {
    await world.run({ npm: "success" });
    await world.pass(2 * HOUR);
    expect(stale(world)).toBeUndefined();
    await world.pass(HOUR + 5 * MINUTE);
    expect(stale(world)).toMatchObject({ labels: ["batchkeeper", "incident", "severity:medium"] });
    expect(stale(world)?.body).toContain("Look at the workflow's schedule");
  });

  test("names the open batch pull request that is in the way", async ({ world }) => {
    await world.run({ npm: "success" });
    world.github.createBranch(REPOSITORY, "batch/20260128-031500");
    world.github.pushAs(
      "olga",
      REPOSITORY,
      "batch/20260128-031500",
      { "recipes/j/jq.toml": "[metadata]\n" },
      "a batch",
    );
    const title = "feat(recipes): add batch recipes @everyone";
    const number = await world.github.openPullAs("olga", REPOSITORY, {
      title,
      head: "batch/20260128-031500",
      base: "main",
    });
    await world.pass(4 * HOUR);
    expect(stale(world)?.body).toContain(`**An open batch pull request is in the way:** #${number} \`${title}\``);
    expect(stale(world)?.body).toContain(`Merge or close #${number}`);
  });

  test("is raised after a day, once", async ({ world }) => {
    await world.run({ npm: "success" });
    for (let hour = 0; hour < 33; hour += 3) await world.pass(3 * HOUR);
    expect(stale(world)?.labels).toContain("severity:high");
    const words = world.replies(stale(world)?.number);
    expect(words.filter((text) => text.includes("The incident is raised to **high**"))).toHaveLength(1);
  });

  test("is over with the next run", async ({ world }) => {
    await world.run({ npm: "success" }, { endedAt: Date.now() - 5 * HOUR });
    await world.startApp();
    expect(stale(world)).toBeDefined();
    const number = stale(world)?.number;
    await world.run({ npm: "success" });
    expect(stale(world)).toBeUndefined();
    expect(world.replies(number)).toEqual([expect.stringContaining("Batches run again")]);
  });

  test.for<[string, (world: World) => Promise<unknown>]>([
    ["everything is stopped", (world) => world.comment("olga", "/batch stop — maintenance")],
    [
      "a run is under way",
      async (world) => {
        world.github.startRun(REPOSITORY, WORKFLOW, { startedAt: new Date(Date.now() - HOUR).toISOString() });
        await world.quiet();
      },
    ],
  ])("is none when %s", async ([, prepare], { world }) => {
    await world.run({ npm: "success" }, { endedAt: Date.now() - 2 * HOUR });
    await prepare(world);
    await world.pass(5 * HOUR);
    expect(stale(world)).toBeUndefined();
  });

  test("is none where no batch has ever run", async ({ world }) => {
    await world.pass(48 * HOUR);
    expect(world.incidents()).toEqual([]);
  });
});

describe("a breaker that is open for a day", () => {
  async function open(world: World): Promise<void> {
    for (const minutes of [30, 20, 10, 0])
      await world.run({ homebrew: "failure" }, { endedAt: Date.now() - minutes * MINUTE });
  }
  const breaker = (world: World) => world.openIncidents().find(({ title }) => title.startsWith("homebrew"));

  test("raises its incident, and says so once", async ({ world }) => {
    await open(world);
    await world.pass(23 * HOUR);
    expect(breaker(world)?.labels).toContain("severity:medium");
    await world.pass(HOUR + MINUTE);
    expect(breaker(world)?.labels).toContain("severity:high");
    await world.pass(48 * HOUR);
    const words = world.replies(breaker(world)?.number).filter((text) => text.includes("raised to **high**"));
    expect(words).toEqual([expect.stringMatching(/has not recovered for 1 d 0 h/)]);
  });

  test("raises it, too, when the inbox was lost meanwhile", async ({ world }) => {
    await open(world);
    await world.startApp();
    await world.pass(25 * HOUR);
    expect(breaker(world)?.labels).toContain("severity:high");
  });
});

test("while nothing is open, looks for what was missed cost no call that counts against the limit", async ({
  world,
}) => {
  await world.run({ npm: "success" });
  for (let look = 0; look < 4; look += 1) await world.pass(6 * MINUTE);
  const mark = world.github.log.length;
  for (let look = 0; look < 4; look += 1) await world.pass(6 * MINUTE);
  const calls = world.github.calls(mark).filter(({ path }) => path.startsWith("/repos/") || path === "/graphql");
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.filter(({ status }) => status !== 304)).toEqual([]);
});

describe("an objective that was missed for a week", () => {
  const week = 7 * 24 * HOUR;
  const results = (succeeded: number, failed: number) => ({ per_ecosystem: { npm: { succeeded, failed } } });
  const missed = (world: World) =>
    world.openIncidents().find(({ title }) => title === "npm: the success rate objective is missed");

  test("is a low incident when the next week begins, and over with a week that meets it", async ({ world }) => {
    const now = Date.now();
    await world.run({}, { endedAt: now - 3 * week, results: results(90, 10) });
    expect(missed(world)).toBeUndefined();
    await world.run({}, { endedAt: now - 2 * week, results: results(99, 1) });
    expect(missed(world)).toMatchObject({ labels: expect.arrayContaining(["ecosystem:npm", "severity:low"]) });
    expect(missed(world)?.body).toContain(
      "90 % of what was tried for **npm** succeeded (90 of 100); the objective is 98 %.",
    );
    await world.run({}, { endedAt: now - week, results: results(99, 1) });
    expect(missed(world)).toBeUndefined();
  });
});
