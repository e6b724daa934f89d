import { describe, expect } from "vitest";
import { BEGINNING } from "./beginning.ts";
import { test, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Some days ago, so that runs can be said to be far apart. */
const MONDAY = BEGINNING - 72 * HOUR;
const NAMES = ["homebrew", "npm", "pypi", "rubygems", "github", "crates.io"];

/** A run in which these ecosystems fail, and the others do not; ended so many minutes after Monday. */
async function run(world: World, failing: readonly string[], minute: number): Promise<number> {
  const outcomes = NAMES.map((name) => [name, failing.includes(name) ? "failure" : "success"] as const);
  return world.run(Object.fromEntries(outcomes), { endedAt: MONDAY + minute * MINUTE });
}

const breakers = (world: World) => world.openIncidents().filter(({ title }) => title.includes("circuit breaker"));

describe("when six ecosystems fail together", () => {
  async function fail(world: World): Promise<void> {
    for (let minute = 0; minute < 40; minute += 10) await run(world, NAMES, minute);
  }

  test("one infrastructure breaker opens, and one incident", async ({ world }) => {
    await fail(world);
    expect(world.control().circuit_breaker).toMatchObject({ infrastructure: { state: "half-open", failures: 4 } });
    for (const name of NAMES) expect(world.control().circuit_breaker[name]).toBeUndefined();
    expect(breakers(world)).toMatchObject([
      {
        title: "infrastructure: the circuit breaker is open",
        labels: ["batchkeeper", "incident", "ecosystem:infrastructure", "severity:high"],
      },
    ]);
    expect(breakers(world)[0]?.body).toContain("none of them is charged with it");
  });

  test("a change of the workflows in the last day is named as the likely cause, with its commit", async ({ world }) => {
    const sha = await world.push(
      "olga",
      { ".github/workflows/batch-generate.yml": "on: schedule\n" },
      "Use a new image",
    );
    await fail(world);
    expect(breakers(world)[0]?.body).toMatch(new RegExp(`Likely a deployment:.*\\[${sha.slice(0, 9)}\\]`));
  });

  test("it recovers with the first run in which they do not, and its incident closes with the second", async ({
    world,
  }) => {
    await fail(world);
    await run(world, ["npm"], 5 * 60);
    expect(world.control().circuit_breaker).toMatchObject({
      infrastructure: { state: "closed" },
      npm: { failures: 1 },
    });
    expect(breakers(world)).toHaveLength(1);
    await run(world, ["npm"], 6 * 60);
    expect(breakers(world)).toEqual([]);
  });
});

test("when three of six fail, the others are charged as ever", async ({ world }) => {
  await run(world, ["homebrew", "npm", "pypi"], 0);
  expect(world.control().circuit_breaker).toMatchObject({ infrastructure: { failures: 1 }, github: { failures: 0 } });
  expect(world.control().circuit_breaker).not.toHaveProperty("homebrew");
});

test("when two of six fail, each is charged", async ({ world }) => {
  await run(world, ["homebrew", "npm"], 0);
  expect(world.control().circuit_breaker).toMatchObject({
    infrastructure: { failures: 0 },
    homebrew: { failures: 1 },
    npm: { failures: 1 },
  });
});
