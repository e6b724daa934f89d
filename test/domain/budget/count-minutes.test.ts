import { describe, expect, test } from "vitest";
import { CLOSED } from "../../../src/domain/breaker/breaker.ts";
import { countMinutes } from "../../../src/domain/budget/count-minutes.ts";
import { REMEMBERED_JOBS } from "../../../src/domain/budget/job-ledger.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { releaseHolds } from "../../../src/domain/holds/standing.ts";
import { DAY, HOUR } from "../../../src/domain/instant.ts";
import { at, budgetOf, countEach, EMPTY, hold, job, POLICY, runOf, used } from "./example.ts";

const scopes = ({ holds }: Control) => holds.map(({ scope, kind }) => `${scope} ${kind}`);
const critical = { ...POLICY, critical: new Set(["homebrew"]) };

describe("minutes", () => {
  test("are booked to their system, their ecosystem and their hour", () => {
    const jobs = [job(1), job(2, { system: "linux", ecosystem: "npm", minutes: 3 }), job(3, { ecosystem: null })];
    expect(budgetOf(countMinutes(EMPTY, [runOf(...jobs)], POLICY).control)).toMatchObject({
      used: { macos: 20, linux: 3 },
      weekStart: "2026-01-26",
      ecosystems: new Map([
        ["homebrew", { macos: 10, linux: 0 }],
        ["npm", { macos: 0, linux: 3 }],
      ]),
      hours: [{ from: at(0, 12), macos: 20, linux: 3 }],
      jobs: [1, 2, 3],
    });
  });

  test("on what has no budget are counted apart, and unknown is said", () => {
    const jobs = [
      job(1, { labels: ["windows-latest"] }),
      job(2, { labels: ["self-hosted"] }),
      job(3, { labels: ["gpu-large"] }),
    ];
    const budget = budgetOf(countEach(jobs));
    expect(budget.used).toEqual({ macos: 0, linux: 0 });
    expect(budget.unmetered).toEqual({ windows: 10, "self-hosted": 10, unknown: 10 });
  });

  test("of several runs are counted in one go as one by one", () => {
    const jobs = [1, 2, 3].map((id) => job(id, { endedAt: at(0, id) }));
    expect(
      countMinutes(
        EMPTY,
        jobs.map((one) => runOf(one)),
        POLICY,
      ).control,
    ).toEqual(countEach(jobs));
  });

  test("of a job that comes again are not counted again", () => {
    const once = countMinutes(EMPTY, [runOf(job(1))], POLICY).control;
    const again = countMinutes(once, [runOf(job(1)), runOf(job(1))], POLICY);
    expect(again.control).toEqual(once);
    expect(again.result).toEqual({ kind: "counted", jobs: 0, late: 0, resets: [], alerts: [] });
  });

  test("of a run with more jobs than are remembered are all counted, once", () => {
    const jobs = Array.from({ length: 2 * REMEMBERED_JOBS }, (_, index) => job(2000 - index, { minutes: 1 }));
    const once = countMinutes(EMPTY, [runOf(...jobs)], POLICY).control;
    expect(budgetOf(once).used.macos).toBe(2 * REMEMBERED_JOBS);
    expect(countMinutes(once, [runOf(...jobs)], POLICY).control).toEqual(once);
  });

  test("of macOS jobs that look idle are counted among them", () => {
    expect(budgetOf(countEach([job(1, { ecosystem: null, minutes: 1 }), job(2)])).idle).toEqual({
      jobs: 1,
      minutes: 1,
    });
  });

  test("of a matrix that invents names without end are all in the total, and the names are bounded", () => {
    const jobs = Array.from({ length: 150 }, (_, index) =>
      job(index + 1, { ecosystem: `eco-${index + 100}`, minutes: 1 }),
    );
    const budget = budgetOf(countEach(jobs));
    expect(budget.used.macos).toBe(150);
    expect(budget.ecosystems.size).toBe(100);
    expect(countEach(jobs.toReversed())).toEqual(countEach(jobs));
  });
});

describe("a week", () => {
  test("begins with its first job, at zero, and lifts the budget's holds and no one else's", () => {
    const holds = [hold("npm", "budget"), hold("pypi", "security"), hold("*", "operator")];
    const before = { ...used({ macos: 950 }, { sampling: true }), holds };
    const { control, result } = countMinutes(before, [runOf(job(1, { endedAt: at(7, 0) }))], POLICY);
    expect(budgetOf(control)).toMatchObject({ used: { macos: 10 }, weekStart: "2026-02-02", sampling: false });
    expect(control.holds).toEqual(holds.slice(1));
    expect(result).toMatchObject({ resets: [{ week: "2026-02-02", lifted: [{ scope: "npm" }] }] });
  });

  test("that is over gets no minutes any more, and the present one none of its", () => {
    const { control, result } = countMinutes(used({ macos: 5 }), [runOf(job(1, { endedAt: at(0, 0) - 1 }))], POLICY);
    expect(control).toEqual(used({ macos: 5 }));
    expect(result).toMatchObject({ jobs: 0, late: 1 });
  });

  test("is the one of the configured zone", () => {
    const paris = { ...POLICY, week: { ...POLICY.week, timeZone: "Europe/Paris" } };
    const sunday = job(1, { endedAt: at(6, 23) });
    expect(budgetOf(countEach([sunday])).weekStart).toBe("2026-01-26");
    expect(budgetOf(countEach([sunday], EMPTY, paris)).weekStart).toBe("2026-02-02");
  });

  test("goes on when its first day is configured anew", () => {
    const sundays = { ...POLICY, week: { ...POLICY.week, firstDay: 7 } };
    expect(budgetOf(countEach([job(1)], used({ macos: 5 }), sundays)).used.macos).toBe(15);
  });

  test("that was reset by hand in its middle gets nothing from before that day", () => {
    const byHand = used({}, { weekStart: "2026-01-28" });
    const counted = budgetOf(countEach([job(1, { endedAt: at(1, 23) }), job(2, { endedAt: at(2, 1) })], byHand));
    expect(counted).toMatchObject({ used: { macos: 10 }, jobs: [2], weekStart: "2026-01-28" });
  });

  test("without a date is none: minutes that nobody dated do not count towards the first one", () => {
    expect(budgetOf(countEach([job(1)], used({ macos: 450 }, { weekStart: "" }))).used.macos).toBe(10);
  });

  test("that ended with an alert is remembered although its last jobs and the next week's came together", () => {
    const runs = [runOf(job(1, { minutes: 1000 })), runOf(job(2, { endedAt: at(7, 1) }))];
    const { control, result } = countMinutes(EMPTY, runs, POLICY);
    expect(budgetOf(control).alerts).toContain("2026-W05:100:macos");
    expect(result).toMatchObject({ resets: [{}, { lifted: [{ scope: "homebrew" }] }] });
  });
});

describe("at a threshold", () => {
  const step = (before: number, minutes: number, policy = POLICY) =>
    countMinutes(used({ macos: before }), [runOf(job(1, { minutes }))], policy);

  test("of 80 % sampling begins, and nothing is held", () => {
    const { control, result } = step(790, 10);
    expect(budgetOf(control).sampling).toBe(true);
    expect(control.holds).toEqual([]);
    expect(result).toMatchObject({ alerts: [{ level: "sampling", system: "macos", key: "2026-W05:80:macos" }] });
    expect(budgetOf(step(789, 10).control).sampling).toBe(false);
  });

  test("of 90 % what is not critical is held until the week ends", () => {
    const { control } = step(890, 10);
    expect(control.holds).toMatchObject([
      {
        scope: "homebrew",
        kind: "budget",
        reason: "90 % of the macOS minutes of the week of 2026-01-26 are used",
        by: "weekly budget",
        at: at(0, 12),
        until: at(7, 0),
      },
    ]);
    expect(step(890, 10, critical).control.holds).toEqual([]);
  });

  test("of 90 % only what is listed is held, and of 100 % all but what is critical", () => {
    const listed = { ...POLICY, nonCritical: new Set(["npm"]), critical: new Set(["pypi"]) };
    const breakers = new Map(["homebrew", "npm", "pypi", "default", "../x"].map((name) => [name, CLOSED] as const));
    const at90 = countMinutes(
      { ...used({ linux: 4490 }), breakers },
      [runOf(job(1, { system: "linux" }))],
      listed,
    ).control;
    expect(scopes(at90)).toEqual(["npm budget"]);
    const at100 = countMinutes(at90, [runOf(job(2, { system: "linux", minutes: 500 }))], listed).control;
    expect(scopes(at100)).toEqual(["homebrew budget", "npm budget"]);
    expect(at100.holds[1]?.reason).toBe("100 % of the Linux minutes of the week of 2026-01-26 are used");
  });

  test("both budgets reach, one hold has both reasons", () => {
    const jobs = [job(1, { minutes: 900 }), job(2, { system: "linux", minutes: 5000, endedAt: at(0, 15) })];
    const { holds } = countEach(jobs);
    expect(holds).toMatchObject([
      {
        reason: "90 % of the macOS minutes and 100 % of the Linux minutes of the week of 2026-01-26 are used",
        at: at(0, 12),
      },
    ]);
  });

  test("the hour in which it was reached is the minutes', not the event's", () => {
    const late = [job(1, { minutes: 800, endedAt: at(0, 20) }), job(2, { minutes: 100, endedAt: at(0, 9) })];
    expect(countEach(late).holds).toMatchObject([{ at: at(0, 20) }]);
    expect(countEach([...late, job(3, { minutes: 800, endedAt: at(0, 10) })]).holds).toMatchObject([{ at: at(0, 10) }]);
  });

  test("a hold that a person lifted stays lifted until the next threshold", () => {
    const held = step(890, 10).control;
    const resumed = releaseHolds(held, () => true);
    const next = countEach([job(2, { ecosystem: "homebrew" })], resumed);
    expect(next.holds).toEqual([]);
    expect(scopes(countEach([job(3, { minutes: 90 })], next))).toEqual(["homebrew budget"]);
  });

  test("an ecosystem that is seen for the first time is held too, once", () => {
    const held = step(890, 10).control;
    const both = countEach([job(2, { ecosystem: "npm", system: "linux" })], held);
    expect(scopes(both)).toEqual(["homebrew budget", "npm budget"]);
    const lifted = releaseHolds(both, ({ scope }) => scope === "npm");
    expect(scopes(countEach([job(3, { ecosystem: "npm", system: "linux" })], lifted))).toEqual(["homebrew budget"]);
  });

  test("what has a breaker and was resumed before it used anything is not taken for new", () => {
    const breakers = new Map([["npm", CLOSED]]);
    const held = countEach([job(1, { minutes: 900 })], { ...EMPTY, breakers });
    const lifted = releaseHolds(held, ({ scope }) => scope === "npm");
    expect(scopes(countEach([job(2, { ecosystem: "npm", system: "linux" })], lifted))).toEqual(["homebrew budget"]);
  });

  test("sampling that a person ended stays ended until the other budget reaches it", () => {
    const sampling = budgetOf(step(800, 10).control);
    const ended: Control = { ...EMPTY, budget: { kind: "readable", budget: { ...sampling, sampling: false } } };
    const later = countEach([job(2)], ended);
    expect(budgetOf(later).sampling).toBe(false);
    expect(budgetOf(countEach([job(3, { system: "linux", minutes: 4000 })], later)).sampling).toBe(true);
  });

  test("holds of others and their places stay", () => {
    const holds = [hold("npm", "operator"), hold("homebrew", "security")];
    const before = { ...used({ macos: 890 }), holds };
    expect(countEach([job(1)], before).holds.slice(0, 2)).toEqual(holds);
  });
});

describe("when a limit is raised", () => {
  const exhausted = countEach([job(1, { minutes: 1000 })]);
  const raised = (macos: number) => ({ ...POLICY, limits: { ...POLICY.limits, macos } });
  const look = (policy: typeof POLICY, control = exhausted) => countMinutes(control, [], policy);

  test("a little, nothing comes and goes", () => {
    expect(look(raised(1040)).control).toEqual(exhausted);
  });

  test("to where less than 85 % are used, the holds go and sampling stays", () => {
    const { control } = look(raised(1200));
    expect(control.holds).toEqual([]);
    expect(budgetOf(control)).toMatchObject({ sampling: true, reached: { macos: { sampling: at(0, 12) } } });
  });

  test("to where less than 75 % are used, sampling ends", () => {
    expect(budgetOf(look(raised(1400)).control)).toMatchObject({ sampling: false, reached: { macos: {} } });
  });

  test("and reached again, holds come again and nobody is told twice", () => {
    const relaxed = look(raised(2000)).control;
    const again = countMinutes(relaxed, [runOf(job(2, { minutes: 1000, endedAt: at(1, 12) }))], raised(2000));
    expect(scopes(again.control)).toEqual(["homebrew budget"]);
    expect(again.result).toMatchObject({ alerts: [] });
  });
});

describe("an alert", () => {
  test("is given for every threshold that a job passes at once", () => {
    const { result } = countMinutes(EMPTY, [runOf(job(1, { minutes: 1000 }))], POLICY);
    expect(result.kind === "counted" && result.alerts.map(({ key }) => key)).toEqual([
      "2026-W05:80:macos",
      "2026-W05:90:macos",
      "2026-W05:100:macos",
      "2026-W05:share:macos",
    ]);
  });

  test("names every ecosystem that used over half of a budget", () => {
    const jobs = [job(1, { minutes: 501 }), job(2, { minutes: 500, ecosystem: "npm" })];
    const { result } = countMinutes(
      EMPTY,
      jobs.map((one) => runOf(one)),
      POLICY,
    );
    expect(result).toMatchObject({
      alerts: expect.arrayContaining([expect.objectContaining({ ecosystems: ["homebrew"] })]),
    });
  });

  test("of exhaustion is remembered for four weeks, others for their own", () => {
    const weeks = [0, 1, 2, 3, 4].map((week) => job(week + 1, { minutes: 1000, endedAt: at(7 * week, 12) }));
    const { alerts } = budgetOf(countEach(weeks));
    expect(alerts).toEqual([
      ...["2026-W06:100:macos", "2026-W07:100:macos", "2026-W08:100:macos", "2026-W09:100:macos"],
      ...["2026-W09:80:macos", "2026-W09:90:macos", "2026-W09:share:macos"],
    ]);
  });
});

test("a budget that cannot be read stays as it is: nothing is counted, and the problem is told", () => {
  const garbled: Control = { ...EMPTY, budget: { kind: "unreadable", problem: "budget.week_start: soon" } };
  const { control, result } = countMinutes(garbled, [runOf(job(1, { endedAt: at(0, 0) + 3 * DAY + HOUR }))], POLICY);
  expect(control).toBe(garbled);
  expect(result).toEqual({ kind: "unreadable", problem: "budget.week_start: soon" });
});
