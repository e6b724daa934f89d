import { describe, expect } from "vitest";
import { tickedBody } from "../github/ticked-body.ts";
import { openBatch } from "./batch-pull.ts";
import { boxes, DASHBOARD_ON, dashboard, dashboards, tick } from "./dashboard-world.ts";
import { CONFIGURATION, test as plain, REPOSITORY, testIn, type World } from "./world.ts";

const MINUTE = 60_000;
const test = testIn({ files: DASHBOARD_ON });

const edit = async (world: World, change: { body?: string; state?: string }) => {
  await world.github.editIssueAs("olga", REPOSITORY, dashboard(world).number, change);
  await world.quiet();
};
const writes = (world: World, since: number) =>
  world.github
    .calls(since)
    .filter(({ method, path }) => method === "PATCH" && path.endsWith(`/issues/${dashboard(world).number}`)).length;
const answers = (world: World) => world.replies(dashboard(world).number);
const ticks = ({ github }: World) =>
  github.deliveries.filter(({ event, body }) => event === "issues" && JSON.parse(body).sender.login === "olga");

describe("the dashboard issue", () => {
  plain("is opened and pinned when the settings ask for it, and not before", async ({ world }) => {
    await world.run({ npm: "success" });
    expect(dashboards(world)).toEqual([]);
    await world.push("olga", DASHBOARD_ON);
    expect(dashboards(world)).toMatchObject([
      { title: "Batch pipeline dashboard", state: "open", author: "batchkeeper[bot]", isPinned: true },
    ]);
    expect(dashboard(world).body).toContain("## 🟢 Running");
  });

  test("is there where the settings asked for it while nobody listened, once", async ({ world }) => {
    await world.startApp();
    await world.pass(10 * MINUTE);
    expect(dashboards(world)).toHaveLength(1);
  });

  test("shows what happened, and offers what makes sense then", async ({ world }) => {
    expect(boxes(world)).toEqual([
      "- [ ] **Stop everything** `/batch stop`",
      "- [ ] **Stop homebrew** `/batch stop homebrew`",
      "- [ ] **Stop npm** `/batch stop npm`",
    ]);
    await world.comment("olga", "/batch stop npm — @everyone the registry is down");
    for (let run = 0; run < 5; run += 1) await world.run({ homebrew: "failure" });
    await world.pass(MINUTE);
    expect(boxes(world)).toEqual([
      "- [ ] **Stop everything** `/batch stop`",
      "- [ ] **Resume npm** `/batch resume npm`",
      "- [ ] **Reset the breaker of homebrew** `/batch breaker homebrew reset`",
      "- [ ] **Stop homebrew** `/batch stop homebrew`",
    ]);
    const { body } = dashboard(world);
    expect(body).toContain("## 🟡 Running, without npm");
    expect(body).toContain("by `olga` [since ");
    expect(body).toContain("`@everyone the registry is down`");
    expect(body).toContain("| `homebrew` | 🔴 open |");
    expect(body).toMatch(/🟡 medium \[#\d+\]\(http.*\) `.*homebrew.*`, opened .*, answer due /);
  });

  test("stays unpinned where somebody unpinned it, and where three others are pinned", async ({ world }) => {
    world.github.pinIssue(REPOSITORY, dashboard(world).number, false);
    await world.startApp();
    await world.comment("olga", "/batch stop npm");
    await world.pass(MINUTE);
    expect(dashboard(world)).toMatchObject({ isPinned: false, body: expect.stringContaining("without npm") });

    for (let other = 0; other < 3; other += 1) {
      world.github.pinIssue(REPOSITORY, await world.github.openIssueAs("olga", REPOSITORY, { title: "news" }));
    }
    world.github.deleteIssueAs("olga", REPOSITORY, dashboard(world).number);
    await world.pass(MINUTE);
    expect(dashboard(world).isPinned).toBe(false);
    expect(world.log.filter((line) => line.includes("dashboard not pinned"))).toHaveLength(1);
  });

  test("is closed with a word, once, when the settings ask for none, and opened again when they do", async ({
    world,
  }) => {
    const off = "dashboard: none\n";
    await world.push("olga", { [CONFIGURATION]: off });
    await world.pass(MINUTE);
    await world.push("olga", { [CONFIGURATION]: `${off}# still none\n` });
    await world.pass(MINUTE);
    expect(dashboard(world)).toMatchObject({ state: "closed", stateReason: "not_planned" });
    expect(dashboard(world).body).not.toContain("Running");
    expect(answers(world)).toEqual([expect.stringContaining("does not say `dashboard: issue` any more")]);
    await world.push("olga", DASHBOARD_ON);
    await world.pass(MINUTE);
    expect(dashboards(world)).toMatchObject([{ state: "open", body: expect.stringContaining("Running") }]);
  });

  test("stays where the settings cannot be read", async ({ world }) => {
    await world.push("olga", { [CONFIGURATION]: "dashboard: [\n" });
    await world.startApp();
    await world.pass(10 * MINUTE);
    expect(dashboard(world)).toMatchObject({ state: "open" });
  });
});

describe("the dashboard is a view", () => {
  test.for<[string, (world: World) => Promise<void>]>([
    ["edited by hand", (world) => edit(world, { body: `${dashboard(world).body}\n\nAll is well.` })],
    ["emptied", (world) => edit(world, { body: "" })],
    [
      "edited while nobody listens",
      async (world) => {
        world.github.onDelivery(() => "drop");
        await edit(world, { body: "" });
        world.github.onDelivery(() => "send");
        await world.pass(5 * MINUTE);
      },
    ],
    [
      "deleted",
      async (world) => {
        world.github.deleteIssueAs("olga", REPOSITORY, dashboard(world).number);
        await world.quiet();
      },
    ],
  ])("that is drawn anew when it is %s", async ([, spoil], { world }) => {
    await world.pass(MINUTE);
    const before = withoutMoment(dashboard(world).body);
    await spoil(world);
    await world.pass(MINUTE);
    expect(withoutMoment(dashboard(world).body)).toEqual(before);
  });

  test("that is opened again with the next change, when it was closed", async ({ world }) => {
    await edit(world, { state: "closed" });
    await world.pass(10 * MINUTE);
    expect(dashboard(world).state).toBe("closed");
    await world.comment("olga", "/batch stop npm");
    await world.pass(MINUTE);
    expect(dashboards(world)).toMatchObject([{ state: "open" }]);
  });

  test("that is opened again by a change that was on its way when it was closed", async ({ world }) => {
    await world.pass(MINUTE);
    const { number } = dashboard(world);
    world.beforeNext({ method: "PATCH", path: `/repos/${REPOSITORY}/issues/${number}` }, () => {
      world.github.editIssueAs("olga", REPOSITORY, number, { state: "closed" });
    });
    await world.comment("olga", "/batch stop npm");
    await world.pass(MINUTE);
    expect(dashboards(world)).toMatchObject([{ state: "open", body: expect.stringContaining("without npm") }]);
  });

  test("that shows a batch of which no event told, at the next look", async ({ world }) => {
    await world.pass(10 * MINUTE);
    world.github.onDelivery(({ event }) => (event === "pull_request" ? "drop" : "send"));
    await openBatch(world, { results: ["npm"], title: "feat(recipes): add batch 2026-03-19-007 recipes" });
    expect(dashboard(world).body).not.toContain("2026-03-19-007");
    await world.pass(5 * MINUTE);
    expect(dashboard(world).body).toContain("2026-03-19-007");
  });

  test("that shows an incident of which no event told, at the next look", async ({ world }) => {
    await world.pass(10 * MINUTE);
    await edit(world, { state: "closed" });
    world.github.onDelivery(({ event }) => (event === "issues" ? "drop" : "send"));
    await world.comment("olga", "/batch incident open medium — the mirror is slow");
    await world.pass(5 * MINUTE);
    expect(dashboards(world)).toMatchObject([{ state: "open", body: expect.stringContaining("the mirror is slow") }]);
    await world.comment("olga", "/batch incident resolve — it is fast again", world.openIncidents()[0]?.number);
    await world.pass(5 * MINUTE);
    expect(dashboard(world).body).not.toContain("the mirror is slow");
  });

  test("that is written at most once a minute, and at last shows everything", async ({ world }) => {
    await world.pass(MINUTE);
    const mark = world.github.log.length;
    for (const name of ["npm", "homebrew", "cask"]) await world.comment("olga", `/batch stop ${name}`);
    expect(writes(world, mark)).toBeLessThanOrEqual(1);
    // The next one has the limit of the last one: a lost process does not shorten it.
    await world.startApp();
    await world.comment("olga", "/batch stop pypi");
    expect(writes(world, mark)).toBeLessThanOrEqual(1);
    await world.pass(MINUTE);
    expect(writes(world, mark)).toBeLessThanOrEqual(2);
    expect(dashboard(world).body).toContain("without 4 ecosystems");
  });

  test("that is not written when nothing new is to be seen, and not even looked at when nothing happens", async ({
    world,
  }) => {
    await world.comment("olga", "/batch incident open medium — the mirror is slow");
    await world.pass(2 * MINUTE);
    const mark = world.github.log.length;
    await world.pass(2 * MINUTE);
    expect(world.github.calls(mark)).toEqual([]);
    await world.github.editIssueAs("olga", REPOSITORY, world.openIncidents()[0]?.number ?? 0, { assignees: ["olga"] });
    await world.pass(12 * MINUTE);
    expect(world.github.calls(mark).some(({ path }) => path.includes("batchkeeper%2Cdashboard"))).toBe(true);
    expect(writes(world, mark)).toBe(0);
  });
});

describe("a box that somebody ticks", () => {
  test("is a command of theirs, and is empty again", async ({ world }) => {
    await world.pass(MINUTE);
    await tick(world, "olga", "Stop homebrew");
    expect(world.held()).toEqual(["homebrew"]);
    const [hold] = world.control().batchkeeper?.holds ?? [];
    const [answer] = world.github.comments(REPOSITORY, dashboard(world).number);
    expect(hold).toMatchObject({ by: "olga", source: expect.stringMatching(`#issuecomment-${answer?.id}$`) });
    expect(answers(world)).toEqual([
      expect.stringMatching(/`olga` ticked \*\*Stop homebrew\*\*[\s\S]*\*\*Stopped: homebrew\.\*\*/),
    ]);
    await world.pass(MINUTE);
    expect(boxes(world)).toContain("- [ ] **Resume homebrew** `/batch resume homebrew`");

    await tick(world, "olga", "Resume homebrew");
    expect(world.held()).toEqual([]);
    await world.pass(MINUTE);
    expect(boxes(world).filter((box) => !box.startsWith("- [ ] "))).toEqual([]);
  });

  test("is acted on once, however often its event comes", async ({ world }) => {
    world.github.onDelivery(() => "double");
    await tick(world, "olga", "Stop npm");
    world.github.onDelivery(() => "send");
    await world.startApp();
    for (const delivery of ticks(world)) await world.redeliver(delivery);
    await world.pass(MINUTE);
    expect(answers(world)).toHaveLength(1);
    expect(world.pulls()).toHaveLength(1);
    expect(world.held()).toEqual(["npm"]);
  });

  test("is refused to those who may edit it and not command, and they are told", async ({ world }) => {
    await world.push("olga", {
      [CONFIGURATION]: `${DASHBOARD_ON[CONFIGURATION]}operators: { permission: maintain }\n`,
    });
    await world.pass(MINUTE);
    await tick(world, "olga", "Stop everything");
    expect(world.held()).toEqual([]);
    expect(answers(world)).toEqual([expect.stringContaining("**refused**: `olga` has the role write here")]);
    await world.pass(MINUTE);
    expect(boxes(world)[0]).toBe("- [ ] **Stop everything** `/batch stop`");
  });

  test("does not lift a security hold without a second operator", async ({ world }) => {
    await world.comment("olga", "/batch stop --security npm");
    await world.pass(MINUTE);
    await tick(world, "olga", "Resume npm");
    expect(world.held()).toEqual(["npm"]);
    expect(answers(world).at(-1)).toContain("second operator");
  });

  test("is told in its answer when the stop is not honoured", async ({ world }) => {
    await tick(world, "olga", "Stop npm");
    const run = await world.run({ npm: "success" }, { minutes: 0 });
    expect(answers(world)).toEqual([
      expect.stringMatching(new RegExp(`\\*\\*not honoured\\*\\*: \\[run ${run} worked on npm`)),
    ]);
  });

  test("is not run when it is not offered any more", async ({ world }) => {
    const { body, number } = dashboard(world);
    await world.comment("olga", "/batch stop npm");
    await world.github.editIssueAs("olga", REPOSITORY, number, { body });
    await world.pass(MINUTE);
    const before = dashboard(world).body;
    await world.comment("olga", "/batch resume npm");
    await world.github.editIssueAs("olga", REPOSITORY, number, { body: before });
    await world.quiet();
    expect(boxes(world)).toContain("- [ ] **Resume npm** `/batch resume npm`");
    await tick(world, "olga", "Resume npm");
    expect(answers(world)).toEqual([expect.stringContaining("not offered any more")]);
  });

  test("is not run when its command or its words were edited by hand", async ({ world }) => {
    await world.pass(MINUTE);
    const { body, number } = dashboard(world);
    const edited = body.replace("**Stop npm**", "**Look at npm**");
    // Before the app has drawn it anew, somebody takes the box for what it says.
    world.github.onDelivery(({ event }) => (event === "issues" ? "drop" : "send"));
    await world.github.editIssueAs("olga", REPOSITORY, number, { body: edited });
    await world.quiet();
    world.github.onDelivery(() => "send");
    await world.github.editIssueAs("olga", REPOSITORY, number, { body: tickedBody(edited, "Look at npm") });
    await world.quiet();
    expect(world.held()).toEqual([]);
    expect(answers(world)).toEqual([expect.stringContaining("had been edited by hand")]);
    await world.pass(MINUTE);
    expect(dashboard(world).body).toContain("**Stop npm**");
  });

  test("is not run when nobody knows who ticked it, which is said, once", async ({ world }) => {
    world.github.onDelivery(({ event }) => (event === "issues" ? "drop" : "send"));
    await tick(world, "olga", "Stop npm");
    for (let look = 0; look < 4; look += 1) await world.pass(5 * MINUTE);
    expect(world.held()).toEqual([]);
    expect(answers(world)).toEqual([expect.stringContaining("Comment `/batch stop npm` instead")]);
    expect(boxes(world)).toContain("- [ ] **Stop npm** `/batch stop npm`");
  });

  test("waits for an event that is late, and is not emptied meanwhile", async ({ world }) => {
    world.github.onDelivery(({ event }) => (event === "issues" ? "drop" : "send"));
    await tick(world, "olga", "Stop npm");
    await world.pass(2 * MINUTE);
    await world.comment("olga", "/batch stop homebrew");
    expect(boxes(world)).toContain("- [x] **Stop npm** `/batch stop npm`");
    world.github.onDelivery(() => "send");
    for (const late of ticks(world)) await world.redeliver(late);
    expect(world.held()).toEqual(["homebrew", "npm"]);
    for (let look = 0; look < 3; look += 1) await world.pass(5 * MINUTE);
    expect(answers(world)).toEqual([expect.stringContaining("**Stopped: npm.**")]);
  });

  testIn({ files: DASHBOARD_ON, backoff: { first: 10 * MINUTE, longest: 10 * MINUTE } })(
    "is not taken for lost once its event has come, however long that waits for a GitHub that fails",
    async ({ world }) => {
      world.github.onDelivery(({ event }) => (event === "issues" ? "drop" : "send"));
      await tick(world, "olga", "Stop npm");
      await world.pass(5 * MINUTE);
      world.github.onDelivery(() => "send");
      world.github.onCall(async ({ method, json }) =>
        method === "POST" && JSON.stringify(await json())?.includes("reply-begun tick:") ? { status: 500 } : null,
      );
      for (const late of ticks(world)) await world.redeliver(late);
      await world.pass(5 * MINUTE);
      world.github.onCall(() => null);
      await world.pass(10 * MINUTE);
      expect(world.held()).toEqual(["npm"]);
      expect(answers(world)).toEqual([expect.stringContaining("**Stopped: npm.**")]);
    },
  );

  test("of an issue that only looks like the dashboard is nothing", async ({ world }) => {
    const { body } = dashboard(world);
    const number = await world.github.openIssueAs("olga", REPOSITORY, {
      title: "Batch pipeline dashboard",
      body,
      labels: ["batchkeeper", "dashboard"],
    });
    await world.github.editIssueAs("olga", REPOSITORY, number, { body: tickedBody(body, "Stop everything") });
    await world.quiet();
    expect(world.held()).toEqual([]);
    expect(world.replies(number)).toEqual([]);
  });
});

function withoutMoment(body: string): string {
  return body.replace(/^<!--.*?-->/, "").replaceAll(/As of .*?Z|week of [-\d]+/g, "");
}
