import { describe, expect } from "vitest";
import { isoIn, plantSecurityHold } from "./hold-file.ts";
import { testIn } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const test = testIn({ collaborators: { oscar: "write" } });

describe("a stop with an end", () => {
  test("is asked about in its thread before, and lifted by the bot at its time", async ({ world }) => {
    const issue = await world.github.openIssueAs("olga", "acme/recipes", { title: "Mirror" });
    await world.comment("olga", "/batch stop homebrew --until 2h — mirror", issue);
    await world.pass(HOUR + 20 * MINUTE);
    expect(world.replies(issue)).toHaveLength(1);
    await world.pass(15 * MINUTE);
    expect(world.replies(issue).slice(1)).toEqual([expect.stringContaining("**Is this stop still needed?**")]);
    expect(world.held()).toEqual(["homebrew"]);
    await world.pass(30 * MINUTE);
    expect(world.held()).toEqual([]);
    expect(world.replies(issue).slice(2)).toEqual([expect.stringContaining("**Lifted, as its time has come**")]);
    expect(world.controlCommits()[0]).toMatchObject({ author: "batchkeeper[bot]" });
    expect(world.controlCommits()[0]?.message).toContain("lift a hold at the end of its time [skip ci]");
    await world.pass(5 * HOUR);
    expect(world.replies(issue)).toHaveLength(3);
  });

  test("ends although the inbox was lost, and asks and tells once", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until 2h");
    await world.startApp({ forget: true });
    await world.pass(HOUR + 40 * MINUTE);
    await world.startApp({ forget: true });
    await world.pass(30 * MINUTE);
    await world.startApp({ forget: true });
    expect(world.held()).toEqual([]);
    expect(world.replies()).toHaveLength(3);
  });

  test("moves with it: a repeated stop has one hold, its id, and its new end", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until 2h — mirror");
    const [before] = world.control().batchkeeper?.holds ?? [];
    await world.comment("olga", "/batch stop homebrew --until 4h");
    expect(world.control().batchkeeper?.holds).toMatchObject([{ id: before?.id, reason: "mirror" }]);
    await world.pass(3 * HOUR);
    expect(world.held()).toEqual(["homebrew"]);
    await world.pass(2 * HOUR);
    expect(world.held()).toEqual([]);
  });

  test("repeated without an end stands until somebody lifts it", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until 2h");
    await world.comment("olga", "/batch stop homebrew");
    await world.pass(20 * HOUR);
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.replies()).toHaveLength(2);
  });

  test("is not asked about once it is lifted", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until 2h");
    await world.comment("olga", "/batch resume homebrew");
    await world.pass(3 * HOUR);
    expect(world.replies()).toHaveLength(2);
  });

  test("names what still blocks when it ends", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until 2h");
    await world.comment("oscar", "/batch stop homebrew — key");
    await world.pass(2 * HOUR + MINUTE);
    expect(world.control().batchkeeper?.holds).toMatchObject([{ by: "oscar" }]);
    expect(world.replies().at(-1)).toMatch(
      /Lifted, as its time has come[\s\S]*Still in the way:\n- `h-\S+` on homebrew, operator, by `oscar`/,
    );
  });

  test("that was made by hand ends too, and is told below its commit", async ({ world }) => {
    const sha = await world.editControl("paul", { enabled: false, expected_resume: isoIn(world, 2 * HOUR) });
    expect(world.held()).toEqual(["*"]);
    await world.pass(2 * HOUR + MINUTE);
    expect(world.control().enabled).toBe(true);
    expect(world.wordsBelow(sha).at(-1)).toContain("**Lifted, as its time has come**");
  });

  test("where a person must merge, says what lifting it waits for, once", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until 2h");
    world.github.protect("acme/recipes", "main", { requiredReviews: 1 });
    await world.pass(2 * HOUR + MINUTE);
    await world.pass(HOUR);
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.pulls().filter(({ state }) => state === "open")).toHaveLength(1);
    expect(world.replies().filter((reply) => reply.includes("it still stands"))).toHaveLength(1);
  });
});

describe("a security hold", () => {
  test("never ends, whatever end it names", async ({ world }) => {
    await plantSecurityHold(world, { until: isoIn(world, HOUR) });
    await world.pass(10 * HOUR);
    expect(world.held()).toEqual(["npm"]);
    await world.comment("olga", "/batch status");
    expect(world.replies().at(-1)).toContain("which a security hold never does by itself");
  });

  test("that the runbook's reset of the week took out is put back, and said so below the commit", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    await plantSecurityHold(world);
    const sha = await world.editControl("paul", { disabled_ecosystems: [], reason: "" });
    expect(world.held()).toEqual(["npm"]);
    expect(world.control()).toMatchObject({ disabled_ecosystems: ["npm"] });
    expect(world.wordsBelow(sha)).toEqual([expect.stringMatching(/`h-5ec000`, by `olga`, \*\*still stands\*\*/)]);
  });

  test("is put back although nobody heard of the push", async ({ world }) => {
    await plantSecurityHold(world);
    world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
    await world.editControl("paul", { disabled_ecosystems: [] });
    await world.comment("olga", "/batch stop pypi");
    expect(world.control()).toMatchObject({ disabled_ecosystems: ["npm", "pypi"] });
  });
});

testIn({
  files: { ".github/batchkeeper.yml": "operators: { second_operator: { security: false } }\n" },
})("where one person may lift a security hold, a hand edit may too", async ({ world }) => {
  await plantSecurityHold(world);
  await world.editControl("paul", { disabled_ecosystems: [] });
  expect(world.held()).toEqual([]);
});

describe("a stop of everything for more than a day", () => {
  test("has one tracking issue, closed when it is lifted", async ({ world }) => {
    await world.comment("olga", "/batch stop — key compromised");
    await world.pass(23 * HOUR);
    expect(world.openIncidents()).toEqual([]);
    await world.pass(2 * HOUR);
    await world.startApp({ forget: true });
    expect(world.openIncidents()).toMatchObject([
      {
        title: "Everything has been stopped for more than 24 hours",
        labels: expect.arrayContaining(["severity:high"]),
      },
    ]);
    expect(world.incidents()).toHaveLength(1);
    await world.comment("olga", "/batch resume");
    expect(world.openIncidents()).toEqual([]);
  });

  test("has it closed when it is lifted by hand", async ({ world }) => {
    await world.comment("olga", "/batch stop");
    await world.pass(25 * HOUR);
    expect(world.openIncidents()).toHaveLength(1);
    await world.editControl("paul", { enabled: true });
    expect(world.openIncidents()).toEqual([]);
  });

  test("is not meant when only one ecosystem is stopped", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    await world.pass(25 * HOUR);
    expect(world.incidents()).toEqual([]);
  });
});
