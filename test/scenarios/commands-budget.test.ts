import { describe, expect } from "vitest";
import { BEGINNING } from "./beginning.ts";
import { itSurvivesDisturbances } from "./command-story.ts";
import { test, testIn, type World } from "./world.ts";

const HOUR = 60 * 60_000;

/** The Monday of the present week, UTC. */
const WEEK = new Date(BEGINNING - 72 * HOUR).toISOString().slice(0, 10);

const hourText = (instant: number) => `${new Date(instant).toISOString().slice(0, 13)}Z`;

const budgetHold = {
  id: "h-0000b1",
  scope: "npm",
  kind: "budget",
  reason: "90 %",
  by: "weekly budget",
  at: `${WEEK}T00:00:00Z`,
};
const security = {
  id: "h-0000b2",
  scope: "pypi",
  kind: "security",
  reason: "drift",
  by: "olga",
  at: `${WEEK}T00:00:00Z`,
};

/** A week in which 95 % of the macOS minutes are used, and the last hour took 30 of them. */
function usedWeek(world: World): Promise<string> {
  return world.editControl("script", {
    disabled_ecosystems: ["npm", "pypi"],
    budget: { macos_minutes_used: 950, linux_minutes_used: 1200, week_start: WEEK, sampling_active: true },
    batchkeeper: {
      version: 1,
      holds: [budgetHold, security],
      budget: {
        ecosystems: { homebrew: { macos: 600, linux: 900 }, npm: { macos: 100, linux: 0 } },
        jobs: ["401"],
        alerts: [],
        week: WEEK,
        unmetered: { windows: 3, unknown: 12 },
        idle: { jobs: 24, minutes: 26 },
        hours: [`${hourText(BEGINNING)} 30 0`],
        reached: { macos: { sampling: `${WEEK}T00:00:00Z`, stop: `${WEEK}T00:00:00Z` } },
      },
    },
  });
}

describe("the budget is shown to whoever may read:", () => {
  test("use, rate, forecast, cost, shares, what has no budget, idle jobs and holds, and nothing changes", async ({
    world,
  }) => {
    await usedWeek(world);
    const before = world.controlText();
    const comment = await world.comment("rita", "/batch budget");
    const reply = world.replies().at(-1) ?? "";
    expect(reply).toContain(
      `Budget of the week of ${WEEK}: 950 of 1000 macOS minutes (95 %), 1200 of 5000 Linux minutes (24 %). Sampling is on.`,
    );
    expect(reply).toMatch(/\| macOS \| \d+\.\d min\/h \(\d+\.\d×\) \| \d+\.\d min\/h .*\| reached \| reached \| /);
    expect(reply).toMatch(/\| Linux \| 0\.0 min\/h \(0\.0×\) .*\| not this week \| not this week \| not this week \|/);
    expect(reply).toMatch(
      /\$66\.13 so far, \$\d+\.\d\d by the end of the week at this rate, without 12 minutes on unknown runners/,
    );
    expect(reply).toContain("| `homebrew` | 600 (63 %) | 900 (75 %) |");
    expect(reply).toContain("| no ecosystem named | 250 (26 %) | 300 (25 %) |");
    expect(reply).toContain("Outside both budgets: 3 Windows, 12 unknown minutes.");
    expect(reply).toContain("Probably for nothing: 24 macOS jobs, 26 minutes.");
    expect(reply).toMatch(/- `h-0000b1` on npm, budget, by `weekly budget`/);
    expect(world.controlText()).toBe(before);
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
  });

  test("that nothing is counted yet", async ({ world }) => {
    await world.comment("rita", "/batch budget");
    expect(world.replies()).toEqual([
      expect.stringMatching(
        /0 of 1000 macOS minutes \(0 %\), 0 of 5000 Linux minutes \(0 %\)\. No run is counted yet\./,
      ),
    ]);
  });

  test("the present week, when the one in the file is over", async ({ world }) => {
    await world.editControl("script", { budget: { macos_minutes_used: 950, week_start: "2026-01-26" } });
    await world.comment("rita", "/batch budget");
    expect(world.replies()).toEqual([expect.not.stringContaining("950")]);
    expect(world.control().budget).toMatchObject({ macos_minutes_used: 0 });
  });

  test("that it cannot be read, with the place and the way out", async ({ world }) => {
    await world.editControl("script", { budget: { macos_minutes_used: "many @rita" } });
    const comment = await world.comment("rita", "/batch budget");
    expect(world.replies()).toEqual([
      expect.stringMatching(/cannot be read.*`budget\.macos_minutes_used: .*`\/batch budget reset`/s),
    ]);
    expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
  });
});

describe("a reset", () => {
  test("zeroes, ends sampling and lifts the budget's own holds by a merged pull request, and nothing else", async ({
    world,
  }) => {
    await usedWeek(world);
    const comment = await world.comment("olga", "/batch budget reset — the limit was raised");
    expect(world.control()).toMatchObject({
      disabled_ecosystems: ["pypi"],
      budget: { macos_minutes_used: 0, linux_minutes_used: 0, week_start: WEEK, sampling_active: false },
      batchkeeper: {
        holds: [security],
        budget: { ecosystems: {}, jobs: ["401"], hours: [], reached: { macos: {}, linux: {} } },
      },
    });
    expect(world.pulls()).toMatchObject([
      { title: "Budget reset", merged: true, labels: ["batchkeeper"], head: `batchkeeper/budget-reset-${comment}` },
    ]);
    expect(world.replies().at(-1)).toMatch(
      /\*\*The budget week of \S+ begins anew\*\*.*Lifted the budget's holds on npm \(`h-0000b1`\)/s,
    );
  });

  test("mends a budget that could not be read", async ({ world }) => {
    await world.editControl("script", { budget: { macos_minutes_used: "many" } });
    await world.comment("olga", "/batch budget reset");
    expect(world.control().budget).toMatchObject({ macos_minutes_used: 0, week_start: WEEK });
  });

  test("takes write access, as sampling does", async ({ world }) => {
    await usedWeek(world);
    const before = world.controlText();
    await world.comment("rita", "/batch budget reset\n/batch budget sampling off");
    expect(world.controlText()).toBe(before);
    expect(world.replies().at(-1)).toMatch(/refused.*needs write.*refused.*needs write/s);
  });
});

describe("sampling", () => {
  test("is turned on and off, and asked for again changes nothing", async ({ world }) => {
    await world.comment("olga", "/batch budget sampling on — slow week");
    expect(world.control().budget).toMatchObject({ sampling_active: true });
    await world.comment("olga", "/batch budget sampling on");
    expect(world.replies().at(-1)).toContain("sampling is on already");
    await world.comment("olga", "/batch budget sampling off");
    expect(world.control().budget).toMatchObject({ sampling_active: false });
    expect(world.pulls().map(({ title }) => title)).toEqual(["Budget sampling on", "Budget sampling off"]);
  });

  test("of a budget that cannot be read is refused", async ({ world }) => {
    await world.editControl("script", { budget: { week_start: "soon" } });
    const before = world.controlText();
    await world.comment("olga", "/batch budget sampling on");
    expect(world.controlText()).toBe(before);
    expect(world.replies()).toEqual([
      expect.stringMatching(/Nothing was changed\..*`budget\.week_start: Invalid date/s),
    ]);
  });
});

test("what it does not do is answered with what it does", async ({ world }) => {
  await world.comment("olga", "/batch budget rest");
  expect(world.replies()).toEqual([expect.stringMatching(/was not run\..*Did you mean `reset`\?/)]);
});

const reviewing = testIn({ files: { ".github/batchkeeper.yml": "pull_requests: { budget: review }\n" } });

reviewing("where budget changes are reviewed, a reset waits for a person and says so", async ({ world }) => {
  await world.comment("olga", "/batch budget sampling on");
  expect(world.control().budget).toMatchObject({ sampling_active: false });
  expect(world.pulls()).toMatchObject([{ title: "Budget sampling on", state: "open" }]);
  expect(world.replies()).toEqual([expect.stringContaining("**Not in force yet**")]);
});

await itSurvivesDisturbances({ before: ["/batch budget sampling on"], command: "/batch budget reset — new limit" });
