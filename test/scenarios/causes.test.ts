import { expect } from "vitest";
import { BEGINNING } from "./beginning.ts";
import { REPOSITORY, test, type World } from "./world.ts";

const HOUR = 3_600_000;
const MONDAY = BEGINNING - 72 * HOUR;

/** A run that ended so many hours after Monday, in which these packages of Homebrew failed. */
async function fail(world: World, hour: number, packages: Readonly<Record<string, string>>): Promise<number> {
  const failures = Object.entries(packages).map(([name, category]) => ({ package_id: `homebrew:${name}`, category }));
  const results = { per_ecosystem: { homebrew: { succeeded: 0, failed: failures.length } }, failures };
  return world.run({}, { endedAt: MONDAY + hour * HOUR, results });
}

const incident = (world: World) => world.openIncidents().find(({ title }) => title.startsWith("homebrew:"));

test("the incident of a breaker groups the failures of all runs that opened it", async ({ world }) => {
  await fail(world, 0, { a: "validation_failed", b: "validation_failed" });
  await fail(world, 0.2, { a: "validation_failed" });
  await fail(world, 0.4, { c: "missing_dep" });
  await fail(world, 0.6, { a: "validation_failed" });
  const body = incident(world)?.body;
  expect(body).toContain("By category, in 4 runs that failed: validation 80 % (4), missing dependency 20 % (1).");
  expect(body).toContain("`homebrew:a` in 3 of 4");
  expect(body).toContain("Validation errors dominate");
});

test("a package by which every probe fails is named, with the length of its row, and counted once for each run", async ({
  world,
}) => {
  for (let run = 0; run < 4; run += 1) await fail(world, run * 0.2, { "go-task": "install_failed" });
  expect(incident(world)?.body).toContain("**Poisoned probe: `homebrew:go-task`, 4 in a row.**");
  await fail(world, 3, { "go-task": "install_failed" });
  await fail(world, 8, { "go-task": "install_failed" });
  const told = () => [incident(world)?.body, world.replies(incident(world)?.number)];
  const before = told();
  expect(before[0]).toContain("`homebrew:go-task`, 6 in a row");
  expect(before[1]?.at(-1)).toContain("`homebrew:go-task`, 6 in a row");
  await world.startApp();
  for (const { guid } of world.github.deliveries.filter(({ event }) => event === "workflow_run"))
    world.github.redeliver(guid);
  await world.quiet();
  expect(told()).toEqual(before);
});

test("what a person wrote into the incident stays", async ({ world }) => {
  for (let run = 0; run < 4; run += 1) await fail(world, run * 0.2, { a: "timeout" });
  const { number = 0, body = "" } = incident(world) ?? {};
  await world.github.editIssueAs("olga", REPOSITORY, number, { body: `${body}\n\nWaiting for the mirror.` });
  await fail(world, 3, { b: "timeout" });
  expect(incident(world)?.body).toContain("Waiting for the mirror.");
  expect(incident(world)?.body).toContain("in 5 runs that failed: timeout 100 % (5)");
});

test("an incident opens although the results of earlier runs cannot be read any more", async ({ world }) => {
  for (let run = 0; run < 3; run += 1) await fail(world, run * 0.2, { a: "timeout" });
  world.github.fault({ path: /\/attempts\/1$/, status: 500 });
  await fail(world, 0.6, { b: "timeout" });
  expect(incident(world)?.body).toContain("in 1 run that failed");
});
