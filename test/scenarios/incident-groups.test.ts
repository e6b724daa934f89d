import { describe, expect } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/domain/instant.ts";
import { BEGINNING } from "./beginning.ts";
import { incidentsLeft, itEndsTheSameWhenACallFails } from "./disturbance.ts";
import { CONFIGURATION, testIn, type World } from "./world.ts";

/** Breakers open at the first failing run. */
const SETTINGS = { [CONFIGURATION]: "breaker: { consecutive: 1, backoff: 1 }\n" };
const test = testIn({ files: SETTINGS });
const START = BEGINNING - DAY;

const fails = (world: World, ecosystem: string, minutes: number) =>
  world.run({ [ecosystem]: "failure" }, { endedAt: START + minutes * MINUTE });
/** Two good runs, well after the breaker was due. */
const recovers = async (world: World, ecosystem: string, hours: number) => {
  for (const run of [0, 1])
    await world.run({ [ecosystem]: "success" }, { endedAt: START + hours * HOUR + run * MINUTE });
};

describe("ecosystems whose breakers open within an hour", () => {
  test("are one incident, graver than each, with the causes of each", async ({ world }) => {
    await fails(world, "npm", 0);
    await fails(world, "homebrew", 50);
    const [incident, ...others] = world.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      title: "homebrew and npm: the circuit breakers are open",
      state: "open",
    });
    expect(incident?.labels.toSorted()).toEqual([
      "batchkeeper",
      "ecosystem:homebrew",
      "ecosystem:npm",
      "incident",
      "severity:high",
    ]);
    expect(incident?.body).toContain("It is **high**, because several ecosystems fail at once");
    expect(incident?.body).toMatch(/- \*\*homebrew\*\*: opened at \S+Z\n- \*\*npm\*\*: opened at/);
    expect(incident?.body).toMatch(/### Why runs of npm fail[\s\S]*### Why runs of homebrew fail/);
    expect(world.replies(incident?.number)).toEqual([
      expect.stringContaining("**homebrew** opened too, within an hour of npm"),
    ]);
  });

  test("are closed when all have recovered, not before", async ({ world }) => {
    await fails(world, "npm", 0);
    await fails(world, "homebrew", 50);
    await recovers(world, "npm", 4);
    const number = world.incidents()[0]?.number;
    expect(world.openIncidents()).toHaveLength(1);
    expect(world.openIncidents()[0]?.body).toMatch(/- \*\*npm\*\*: opened at \S+Z, recovered at/);
    expect(world.replies(number).at(-1)).toContain("it waits for homebrew");
    await recovers(world, "npm", 5);
    expect(world.replies(number).at(-1)).toContain("it waits for homebrew");
    await recovers(world, "homebrew", 6);
    expect(world.openIncidents()).toEqual([]);
  });

  test("are closed by the runs in which both recover", async ({ world }) => {
    await fails(world, "npm", 0);
    await fails(world, "homebrew", 50);
    for (const run of [0, 1])
      await world.run({ npm: "success", homebrew: "success" }, { endedAt: START + 4 * HOUR + run * MINUTE });
    const [incident] = world.incidents();
    expect(incident).toMatchObject({ state: "closed", stateReason: "completed" });
    expect(incident?.body.match(/, recovered at/g)).toHaveLength(2);
    expect(incident?.body.match(/\*\*recovered\*\*/g)).toHaveLength(3);
    expect(world.replies(incident?.number).at(-1)).toContain("<summary>Post-mortem</summary>");
  });

  test("wait again for one that opens again", async ({ world }) => {
    await fails(world, "npm", 0);
    await fails(world, "homebrew", 50);
    await recovers(world, "npm", 4);
    await fails(world, "npm", 5 * 60);
    await recovers(world, "homebrew", 6);
    expect(world.openIncidents()[0]?.body).toMatch(/- \*\*npm\*\*: opened at \S+Z\n/);
    await recovers(world, "npm", 8);
    expect(world.openIncidents()).toEqual([]);
  });

  test("are one incident in whichever order that is heard of", async ({ world }) => {
    world.github.onDelivery(({ event }) => (event === "workflow_run" ? "drop" : "send"));
    await fails(world, "npm", 50);
    await fails(world, "pypi", 100);
    await fails(world, "homebrew", 0);
    const heard = world.github.deliveries.filter(
      ({ event, action }) => event === "workflow_run" && action === "completed",
    );
    world.github.onDelivery(() => "send");
    for (const index of [1, 2, 0, 1]) await world.redeliver(heard[index] ?? expect.unreachable());
    expect(world.openIncidents()).toMatchObject([{ title: "homebrew, npm, and pypi: the circuit breakers are open" }]);
    for (const name of ["homebrew", "npm", "pypi"])
      expect(world.openIncidents()[0]?.body).toContain(`### Why runs of ${name} fail`);
    const [absorbed] = world.incidents().filter(({ state }) => state === "closed");
    expect(absorbed).toMatchObject({ stateReason: "not_planned" });
    expect(world.replies(absorbed?.number)).toEqual([expect.stringContaining("**Part of [#")]);
  });

  test("in one run are one incident too", async ({ world }) => {
    await world.run({ npm: "failure", homebrew: "failure" }, { endedAt: START });
    expect(world.incidents()).toMatchObject([{ title: "homebrew and npm: the circuit breakers are open" }]);
  });
});

test("ecosystems whose breakers open later are incidents of their own", async ({ world }) => {
  await fails(world, "npm", 0);
  await fails(world, "homebrew", 61);
  expect(world.openIncidents()).toHaveLength(2);
  await recovers(world, "npm", 4);
  expect(world.openIncidents()).toMatchObject([{ title: "homebrew: the circuit breaker is open" }]);
});

test("what comes back alone is about itself alone", async ({ world }) => {
  await fails(world, "npm", 0);
  await fails(world, "homebrew", 50);
  await recovers(world, "npm", 4);
  await recovers(world, "homebrew", 6);
  await fails(world, "npm", 8 * 60);
  const [incident] = world.openIncidents();
  expect(incident).toMatchObject({ title: "npm: the circuit breaker is open" });
  expect(incident?.labels.toSorted()).toEqual(["batchkeeper", "ecosystem:npm", "incident", "severity:medium"]);
});

describe("an opening that makes two incidents one", () =>
  itEndsTheSameWhenACallFails({
    prepare: async (world) => {
      await world.push("olga", SETTINGS);
      await fails(world, "npm", 0);
      await fails(world, "pypi", 100);
    },
    happen: async (world) => void (await fails(world, "homebrew", 50)),
    ending: incidentsLeft,
  }));
