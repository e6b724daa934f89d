import { describe, expect } from "vitest";
import { CONFIGURATION, REPOSITORY, testIn, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const test = testIn({ files: { [CONFIGURATION]: "incidents: { mention: [petra, acme/owners] }\n" } });

/** The incident that was opened last. */
const latest = (world: World) => world.incidents().at(-1);

/** What the bot said in the latest incident, without its marker. */
function words(world: World): readonly string[] {
  return world.replies(latest(world)?.number).map((text) => text.slice(text.indexOf("\n") + 1));
}

/** The kinds of what stands in the timeline, in its order. */
function timeline(world: World): readonly string[] {
  const list = latest(world)?.body.split("\n```\n\n").at(-1) ?? "";
  return [...list.matchAll(/^- \S+Z \*\*(.+?)\*\*/gm)].map(([, kind = ""]) => kind);
}

const report = (world: World, severity = "critical") =>
  world.comment("olga", `/batch incident open ${severity} — a recipe points to a host that nobody knows`);

/** A comment on the latest incident. */
const say = (world: World, login: string, body: string) => world.comment(login, body, latest(world)?.number);

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

describe("an incident is acknowledged", () => {
  const isAcknowledged = (world: World) => timeline(world).includes("acknowledged");

  test.for<[string, (world: World) => Promise<unknown>]>([
    ["the command", (world) => say(world, "olga", "/batch incident ack")],
    [
      "the command in another thread",
      (world) => world.comment("olga", `/batch incident ack #${latest(world)?.number}`),
    ],
    ["another command in its thread", (world) => say(world, "olga", "/batch status")],
    ["a comment of an operator", (world) => say(world, "olga", "I am on it")],
    [
      "an assignment",
      async (world) => {
        await world.github.editIssueAs("olga", REPOSITORY, latest(world)?.number ?? 0, { assignees: ["olga"] });
        await world.quiet();
      },
    ],
  ])("by %s, once, and nobody is called", async ([, act], { world }) => {
    await report(world);
    await act(world);
    expect(isAcknowledged(world)).toBe(true);
    await world.pass(2 * HOUR);
    expect(timeline(world).filter((kind) => kind === "acknowledged")).toHaveLength(1);
    expect(words(world).filter((text) => text.startsWith("@petra"))).toEqual([]);
  });

  test.for<[string, (world: World) => Promise<unknown>]>([
    ["of somebody who may only read", (world) => say(world, "rita", "Is this mine?")],
    ["of a stranger with a command", (world) => say(world, "mallory", "/batch incident ack")],
    ["in another thread", (world) => world.comment("olga", "I am on it")],
  ])("by no comment %s", async ([, act], { world }) => {
    await report(world);
    await act(world);
    expect(isAcknowledged(world)).toBe(false);
  });

  test("by a comment whose webhook was lost, before anybody is called", async ({ world }) => {
    await report(world);
    world.github.onDelivery(({ event }) => (event === "issue_comment" || event === "issues" ? "drop" : "send"));
    await say(world, "olga", "I am on it");
    await world.pass(2 * HOUR);
    expect(isAcknowledged(world)).toBe(true);
    expect(words(world)).toEqual([]);
  });

  test("by an assignment whose webhook was lost, before anybody is called", async ({ world }) => {
    await report(world);
    world.github.onDelivery(() => "drop");
    await world.github.editIssueAs("olga", REPOSITORY, latest(world)?.number ?? 0, { assignees: ["olga"] });
    await world.pass(2 * HOUR);
    expect(words(world)).toEqual([]);
  });
});

describe("the commands on incidents", () => {
  test("need an operator, but for the clock, which everybody may see", async ({ world }) => {
    await report(world);
    for (const action of ["open", "ack", "severity low", "escalate", "resolve"]) {
      await say(world, "rita", `/batch incident ${action}`);
      expect(words(world).at(-1)).toContain("**refused**: `rita` has the role read here");
    }
    await say(world, "rita", "/batch incident");
    expect(words(world).at(-1)).toContain("answer within 1 h 0 min");
    expect(world.incidents()).toHaveLength(1);
  });

  test("in a thread that is no incident name those that are open", async ({ world }) => {
    await world.comment("olga", "/batch incident ack");
    expect(world.replies().at(-1)).toContain("This thread is no incident. None is open");
    await report(world);
    await world.comment("olga", "/batch incident ack");
    expect(world.replies().at(-1)).toContain("Open are #2 (critical): name one, `/batch incident ack #2`");
    await world.comment("olga", "/batch incident ack #1");
    expect(world.replies().at(-1)).toContain("#1 is no incident");
  });

  test("lower a severity by a person's decision, which the bot leaves alone", async ({ world }) => {
    for (let run = 0; run < 4; run += 1)
      await world.run({ npm: "failure" }, { endedAt: Date.now() - (9 - run) * HOUR });
    await say(world, "olga", "/batch incident severity low — npm may wait");
    expect(latest(world)?.labels).toContain("severity:low");
    await world.run({ npm: "failure" }, { endedAt: Date.now() - 4 * HOUR });
    await world.run({ npm: "failure" }, { endedAt: Date.now() - MINUTE });
    expect(words(world).at(-1)).toContain("opened 3 times");
    expect(latest(world)?.labels.filter((name) => name.startsWith("severity:"))).toEqual(["severity:low"]);
    await world.pass(2 * DAY);
    expect(words(world).filter((text) => text.startsWith("@petra"))).toEqual([]);
  });

  test("decide on a severity and write down who did, or do neither", async ({ world }) => {
    await report(world);
    const fault = world.github.fault({ method: "PATCH", path: /\/issues\/\d+$/, status: 500 });
    await say(world, "olga", "/batch incident severity low — npm may wait");
    expect(latest(world)?.labels).toContain("severity:critical");
    expect(words(world).at(-1)).toContain("**failed**");
    fault.remove();
    await say(world, "olga", "/batch incident severity low — npm may wait");
    expect(latest(world)?.labels).toEqual(["batchkeeper", "incident", "severity:low"]);
    expect(timeline(world)).toContain("severity");
  });

  test("call the people that the settings name, with the reason as code", async ({ world }) => {
    await report(world);
    await say(world, "olga", "/batch incident escalate — who knows @everyone?");
    expect(words(world)[0]).toBe("@petra @acme/owners: **Escalated by `olga`**: `who knows @everyone?`");
    expect(words(world).at(-1)).toContain("**Escalated**: `@petra`, `@acme/owners` were called");
  });

  test("open one incident, however often the comment is delivered", async ({ world }) => {
    const comment = await report(world, "high");
    await world.startApp();
    await world.redeliver(world.deliveryOf(comment));
    expect(world.incidents()).toMatchObject([{ labels: ["batchkeeper", "incident", "severity:high"] }]);
  });

  test("open an incident to which a stop in the same comment belongs", async ({ world }) => {
    await world.comment("olga", "/batch incident open critical — odd checksums\n/batch stop — odd checksums");
    expect(world.control().incident_url).toBe(`${world.github.url}/${REPOSITORY}/issues/${latest(world)?.number}`);
  });

  test("resolve nothing twice", async ({ world }) => {
    await report(world);
    await say(world, "olga", "/batch incident resolve");
    await say(world, "olga", "/batch incident resolve");
    expect(words(world).at(-1)).toContain("is closed already");
    expect(timeline(world).filter((kind) => kind === "resolved")).toHaveLength(1);
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
