import { describe, expect } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/domain/instant.ts";
import { latest, report, say, test, timeline, words } from "./incident-story.ts";
import { CONFIGURATION, REPOSITORY, testIn, type World } from "./world.ts";

describe("a critical incident", () => {
  test("is detected, reminded of, escalated, acknowledged, resolved, and has a post-mortem", async ({ world }) => {
    await report(world);
    expect(latest(world)).toMatchObject({
      title: "Reported: `a recipe points to a host that nobody knows`",
      labels: ["batchkeeper", "incident", "severity:critical"],
    });
    expect(world.replies().at(-1)).toMatch(/\*\*Opened\*\*: \[#2\].*answer within 1 h 0 min/s);

    await world.pass(29 * MINUTE);
    expect(words(world)).toEqual([]);
    await world.pass(2 * MINUTE);
    expect(words(world)).toEqual([expect.stringMatching(/^\*\*Nobody has acknowledged.* 50 % of its time are over/)]);
    await world.pass(18 * MINUTE);
    expect(words(world)).toHaveLength(2);
    expect(words(world)[1]).toContain("80 % of its time");
    await world.pass(12 * MINUTE);
    expect(words(world)).toHaveLength(3);
    expect(words(world)[2]).toMatch(/^@petra @acme\/owners: \*\*Escalated: nobody has acknowledged/);

    await say(world, "olga", "Looking at it.");
    await world.pass(2 * HOUR);
    expect(words(world)).toHaveLength(3);
    expect(latest(world)?.body).toMatch(/Acknowledged at \S+; that holds until/);

    await say(world, "olga", "/batch stop — unknown host");
    expect(world.control()).toMatchObject({
      enabled: false,
      incident_url: `${world.github.url}/${REPOSITORY}/issues/${latest(world)?.number}`,
    });
    await say(world, "olga", "/batch incident resolve — the recipe is gone");
    expect(latest(world)).toMatchObject({ state: "closed", stateReason: "completed" });
    const closing = words(world).find((text) => text.startsWith("**Resolved by `olga`**")) ?? "";
    expect(closing).toMatch(/\*\*Time to acknowledge:\*\* 1 h \d min\. \*\*Time to resolve:\*\* 3 h \d min\./);
    expect(closing).toContain("<summary>Post-mortem</summary>");
    expect(closing).toMatch(/\*\*escalated\*\*: `@petra @acme\/owners`/);
    expect(timeline(world)).toEqual([
      "detected",
      "reminded",
      "reminded",
      "escalated",
      "comment",
      "acknowledged",
      "command",
      "pull request",
      "command",
      "resolved",
    ]);
    const number = latest(world)?.number;
    const told = world.replies(number);
    await world.pass(2 * DAY);
    expect(world.replies(number)).toEqual(told);
  });

  test("is escalated five times, and then not any more", async ({ world }) => {
    await report(world);
    for (let hour = 0; hour < 9; hour += 1) await world.pass(HOUR + MINUTE);
    const calls = words(world).filter((text) => text.startsWith("@petra"));
    expect(calls).toHaveLength(5);
    expect(calls.at(-1)).toContain("This was the last escalation");
    expect(latest(world)?.body).toContain("It was escalated 5 times, and is not any more.");
  });

  test("is escalated once after the process was down, by one that knows nothing", async ({ world }) => {
    await report(world);
    world.github.turnClock(3 * HOUR);
    world.clock.turn(3 * HOUR);
    await world.startApp();
    await world.pass(MINUTE);
    expect(words(world)).toEqual([expect.stringMatching(/^@petra/)]);
  });

  test("whose acknowledgement is followed by nothing runs its clock anew", async ({ world }) => {
    await report(world);
    await say(world, "olga", "/batch incident ack");
    await world.pass(3 * HOUR + 50 * MINUTE);
    expect(words(world).filter((text) => !text.startsWith("`/batch"))).toEqual([]);
    await world.pass(11 * MINUTE);
    expect(words(world).at(-1)).toContain("The acknowledgement by `olga` has expired");
    await world.pass(HOUR);
    expect(words(world).at(-1)).toMatch(/^@petra/);
  });
});

describe("an opening is as grave as the classification says", () => {
  const results = (outcomes: Readonly<Record<string, readonly [number, number]>>, category = "generation_failed") => ({
    per_ecosystem: Object.fromEntries(
      Object.entries(outcomes).map(([name, [succeeded, failed]]) => {
        const failures = Array.from({ length: failed }, (_, index) => ({ package: `package-${index}`, category }));
        return [name, { succeeded, failed, failures }];
      }),
    ),
  });

  test.for<[string, string, object]>([
    ["medium", "a single ecosystem", results({ npm: [1, 9], pypi: [9, 1] })],
    ["high", "over half of a batch's recipes fail in several ecosystems", results({ npm: [0, 9], pypi: [1, 9] })],
    ["high", "validation fails in an unusual pattern", results({ npm: [1, 9] }, "validation_failed")],
  ])("%s: %s", async ([severity, why, told], { world }) => {
    for (let run = 0; run < 4; run += 1)
      await world.run({}, { endedAt: Date.now() - (9 - run) * MINUTE, results: told });
    const incident = world.incidents().find(({ title }) => title.startsWith("npm"));
    expect(incident?.labels).toContain(`severity:${severity}`);
    expect(incident?.body).toContain(`It is **${severity}**, because ${why}`);
  });
});

describe("an incident that people close", () => {
  test("with GitHub's button has its times and its post-mortem, and is opened again the same way", async ({
    world,
  }) => {
    await report(world);
    const number = latest(world)?.number ?? 0;
    await world.github.editIssueAs("olga", REPOSITORY, number, { state: "closed", state_reason: "not_planned" });
    await world.quiet();
    expect(words(world)).toEqual([expect.stringMatching(/^Closed by `olga`\.[\s\S]*Time to resolve:\*\* 0 min/)]);
    expect(latest(world)).toMatchObject({ state: "closed", stateReason: "not_planned" });
    await world.pass(2 * HOUR);
    await world.github.editIssueAs("olga", REPOSITORY, number, { state: "open" });
    await world.quiet();
    await world.pass(HOUR + MINUTE);
    expect(words(world).at(-1)).toMatch(/^@petra/);
  });
});

describe("an incident that comes back", () => {
  const fragile = testIn({ files: { [CONFIGURATION]: "breaker: { consecutive: 1, backoff: 1 }\n" } });
  const breakIt = (world: World, from: number) => world.run({ npm: "failure" }, { endedAt: from });
  const mendIt = async (world: World, from: number) => {
    await world.run({ npm: "success" }, { endedAt: from });
    await world.run({ npm: "success" }, { endedAt: from + MINUTE });
  };
  const start = Date.now() - 3 * DAY;

  fragile("within ten days is the same one, with one timeline", async ({ world }) => {
    await breakIt(world, start);
    await mendIt(world, start + 2 * HOUR);
    expect(world.openIncidents()).toEqual([]);
    await breakIt(world, start + 4 * HOUR);
    expect(world.incidents()).toHaveLength(1);
    expect(latest(world)).toMatchObject({ state: "open" });
    expect(words(world).at(-1)).toContain("**It is back** (return 1).");
    expect(timeline(world)).toContain("opened again");
  });

  fragile("after ten days is another one, which links the first", async ({ world }) => {
    await breakIt(world, start);
    await mendIt(world, start + 2 * HOUR);
    await world.pass(11 * DAY);
    await breakIt(world, start + 4 * HOUR);
    const own = world.incidents().filter(({ title }) => title.startsWith("npm"));
    expect(own.map(({ state }) => state)).toEqual(["closed", "open"]);
    expect(own[1]?.body).toContain(`It happened before: ${world.github.url}/${REPOSITORY}/issues/${own[0]?.number}`);
  });

  fragile("again and again within a day goes quiet, says so, and is closed once it is calm", async ({ world }) => {
    for (let turn = 0; turn < 4; turn += 1) {
      await breakIt(world, start + turn * 4 * HOUR);
      await mendIt(world, start + (turn * 4 + 2) * HOUR);
    }
    expect(words(world).filter((text) => text.includes("**It is flapping**"))).toHaveLength(1);
    expect(latest(world)).toMatchObject({ state: "open" });
    const told = words(world).length;
    await breakIt(world, start + 16 * HOUR);
    await mendIt(world, start + 18 * HOUR);
    expect(words(world)).toHaveLength(told);
    expect(latest(world)).toMatchObject({ state: "open" });
    await world.pass(7 * HOUR);
    await world.run({ npm: "success" }, { endedAt: start + 19 * HOUR });
    expect(world.openIncidents().filter(({ title }) => title.startsWith("npm"))).toEqual([]);
  });
});

describe("a low incident", () => {
  const batch = (world: World, endedAt: number) => world.run({ npm: "success" }, { endedAt });
  const look = (world: World) => world.pass(6 * MINUTE);
  const reminders = (world: World) => words(world).filter((text) => text.includes("a batch has run since"));

  test("is reminded of once with the next batch, by a process that knows nothing", async ({ world }) => {
    await batch(world, Date.now() - HOUR);
    await report(world, "low");
    expect(latest(world)?.body).toContain("It is reminded of once a batch has run.");
    await look(world);
    expect(reminders(world)).toEqual([]);
    await world.pass(HOUR);
    await batch(world, world.clock.now());
    await world.startApp({ forget: true });
    await look(world);
    expect(reminders(world)).toHaveLength(1);
    expect(timeline(world)).toEqual(["detected", "reminded"]);
    await world.pass(HOUR);
    await batch(world, world.clock.now());
    await look(world);
    expect(reminders(world)).toHaveLength(1);
  });

  test("that an operator has seen, in a comment whose webhook was lost, is not reminded of", async ({ world }) => {
    await report(world, "low");
    world.github.onDelivery(({ event }) => (event === "issue_comment" ? "drop" : "send"));
    await say(world, "olga", "Next week.");
    world.github.onDelivery(() => "send");
    await world.pass(HOUR);
    await batch(world, world.clock.now());
    await look(world);
    expect(reminders(world)).toEqual([]);
    expect(timeline(world)).toContain("acknowledged");
  });
});
