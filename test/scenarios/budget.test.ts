import { describe, expect } from "vitest";
import { CONFIGURATION, REPOSITORY, test, WORKFLOW, type World } from "./world.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LIMITS = "budget: { macos_minutes: 100, linux_minutes: 1000 }\necosystems: { homebrew: { critical: true } }\n";

interface Minutes {
  readonly macos?: number;
  readonly linux?: number;
}

/** A batch run with one job on each system, which ends now. */
async function runFor(world: World, ecosystem: string, { macos = 0, linux = 0 }: Minutes): Promise<void> {
  const endedAt = Date.now();
  const startedAt = new Date(endedAt - Math.max(macos, linux) * MINUTE).toISOString();
  const id = world.github.startRun(REPOSITORY, WORKFLOW, { startedAt });
  const job = (system: string, labels: string[], minutes: number) => ({
    name: `generate (${ecosystem}, ${system})`,
    conclusion: "success" as const,
    labels,
    startedAt: new Date(endedAt - minutes * MINUTE).toISOString(),
    completedAt: new Date(endedAt).toISOString(),
  });
  const jobs = [
    ...(macos > 0 ? [job("macos", ["macos-14"], macos)] : []),
    ...(linux > 0 ? [job("linux", ["ubuntu-latest"], linux)] : []),
  ];
  world.github.completeRun(id, { conclusion: "success", jobs, completedAt: new Date(endedAt).toISOString() });
  await world.quiet();
}

function used(world: World): object {
  return JSON.parse(world.controlText() ?? "").budget;
}

/** Open incidents that say so; the proposal to run batches less often is another one. */
function runningOut(world: World) {
  return world.openIncidents().filter(({ title }) => title.includes("running out"));
}

describe("the minutes of batch runs", () => {
  test("are counted by system, once, in the commit that counts the run", async ({ world }) => {
    world.github.onDelivery(() => "double");
    await runFor(world, "npm", { macos: 7, linux: 30 });
    expect(used(world)).toMatchObject({ macos_minutes_used: 7, linux_minutes_used: 30, sampling_active: false });
    expect(world.controlCommits()).toHaveLength(2);
    expect(world.incidents()).toEqual([]);
  });

  test("switch sampling on at 80 percent and open one low incident", async ({ world }) => {
    await world.push("olga", { [CONFIGURATION]: LIMITS });
    await runFor(world, "npm", { macos: 79 });
    expect(used(world)).toMatchObject({ sampling_active: false });
    await runFor(world, "npm", { macos: 1 });
    await runFor(world, "npm", { macos: 1 });
    expect(used(world)).toMatchObject({ macos_minutes_used: 81, sampling_active: true });
    expect(runningOut(world)).toMatchObject([{ labels: expect.arrayContaining(["severity:low"]) }]);
    expect(world.held()).toEqual([]);
  });

  test("hold what is not critical at 90 percent, and the incident is raised", async ({ world }) => {
    await world.push("olga", { [CONFIGURATION]: LIMITS });
    await runFor(world, "homebrew", { macos: 40 });
    await runFor(world, "npm", { macos: 40 });
    await runFor(world, "npm", { macos: 12 });
    expect(world.held()).toEqual(["npm"]);
    expect(runningOut(world)).toMatchObject([{ labels: expect.arrayContaining(["severity:medium"]) }]);
  });

  test("begin anew when the week ends: the budget's holds are lifted, others stay, the incident is closed", async ({
    world,
  }) => {
    await world.push("olga", { [CONFIGURATION]: LIMITS });
    await world.comment("olga", "/batch stop pypi");
    await runFor(world, "npm", { macos: 95 });
    expect([...world.held()].sort()).toEqual(["npm", "pypi"]);
    await world.pass(8 * DAY);
    expect(world.held()).toEqual(["pypi"]);
    expect(used(world)).toMatchObject({ macos_minutes_used: 0, sampling_active: false });
    expect(runningOut(world)).toEqual([]);
  });

  test("are not counted while nobody can read the budget, which is told and loses no run", async ({ world }) => {
    await world.push("olga", { "batch-control.json": world.editedControl({ budget: { macos_minutes_used: "many" } }) });
    await runFor(world, "npm", { macos: 7 });
    expect(used(world)).toEqual({ macos_minutes_used: "many" });
    expect(world.control().batchkeeper?.seen.runs).toHaveLength(1);
    expect(world.openIncidents()).toMatchObject([{ title: "The CI budget cannot be read" }]);
  });
});
