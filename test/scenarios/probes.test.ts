import { describe, expect } from "vitest";
import { BEGINNING } from "./beginning.ts";
import { REPOSITORY, test, WORKFLOW, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An hour's recovery ago and a bit: what opened then is due now. */
const OPENED = BEGINNING - 90 * MINUTE;

async function openBreaker(world: World): Promise<void> {
  for (const minutes of [30, 20, 10, 0])
    await world.run({ homebrew: "failure" }, { endedAt: OPENED - minutes * MINUTE });
}

function probe(world: World) {
  return world.control().batchkeeper?.breakers.homebrew?.probe;
}

/** A run that began some minutes ago and is under way. */
async function start(world: World, minutes: number): Promise<number> {
  const run = world.github.startRun(REPOSITORY, WORKFLOW, {
    startedAt: new Date(Date.now() - minutes * MINUTE).toISOString(),
  });
  await world.quiet();
  return run;
}

async function end(world: World, run: number, jobs: { name: string; conclusion: string }[]): Promise<void> {
  const completedAt = new Date(Date.now()).toISOString();
  const startedAt = new Date(Date.now() - MINUTE).toISOString();
  world.github.completeRun(run, {
    conclusion: "success",
    completedAt,
    jobs: jobs.map((job) => ({ ...job, startedAt })),
  });
  await world.quiet();
}

describe("a run that starts when a breaker is due", () => {
  test("is the probe: the file says which and how long, and another is none", async ({ world }) => {
    await openBreaker(world);
    const first = await start(world, 5);
    expect(world.control().circuit_breaker.homebrew?.state).toBe("half-open");
    expect(probe(world)).toMatchObject({ lease: expect.stringMatching(new RegExp(`^${first}\\.1 until `)) });
    await start(world, 4);
    expect(probe(world)).toMatchObject({ lease: expect.stringMatching(new RegExp(`^${first}\\.1 until `)) });
  });

  test("closes the breaker with its success", async ({ world }) => {
    await openBreaker(world);
    await end(world, await start(world, 5), [{ name: "generate (homebrew, linux)", conclusion: "success" }]);
    expect(world.control().circuit_breaker.homebrew).toMatchObject({ state: "closed" });
    expect(probe(world)).toBeNull();
  });

  test("leaves the probe to the next run when it says nothing of the ecosystem", async ({ world }) => {
    await openBreaker(world);
    await end(world, await start(world, 5), [{ name: "generate (npm, linux)", conclusion: "success" }]);
    expect(world.control().circuit_breaker.homebrew?.state).toBe("half-open");
    expect(probe(world)).toEqual({ successes: 0, lease: null });
  });

  test("is given up after six hours, and the breaker is open for another hour", async ({ world }) => {
    await openBreaker(world);
    await start(world, 5);
    await world.pass(6 * HOUR);
    expect(world.control().circuit_breaker.homebrew?.state).toBe("open");
    await world.pass(HOUR);
    expect(world.control().circuit_breaker.homebrew?.state).toBe("half-open");
    expect(world.control().batchkeeper?.breakers.homebrew?.trips).toBe(1);
  });
});

test("a run that starts while nothing is due leaves no trace", async ({ world }) => {
  await world.run({ homebrew: "success" });
  const before = world.controlText();
  await start(world, 1);
  expect(world.controlText()).toBe(before);
});

test("a start that is heard of after the end leaves no trace", async ({ world }) => {
  await openBreaker(world);
  world.github.onDelivery(({ action }) => (action === "in_progress" ? "hold" : "send"));
  await world.run({ homebrew: "success", npm: "success" }, { endedAt: Date.now() });
  const before = world.controlText();
  world.github.release();
  await world.quiet();
  expect(world.controlText()).toBe(before);
});
