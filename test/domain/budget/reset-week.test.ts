import { describe, expect, test } from "vitest";
import { isWeekOver, resetWeek, startWeek } from "../../../src/domain/budget/reset-week.ts";
import { at, budgetOf, countEach, EMPTY, hold, job, POLICY, used } from "./example.ts";

const reset = (control: typeof EMPTY, now: number) => resetWeek(control, now, POLICY);

test("a budget reset lifts the budget's holds and no one else's", () => {
  const holds = [hold("npm", "budget"), hold("pypi", "security"), hold("*", "operator"), hold("npm", "operator")];
  const { control, result } = reset({ ...used({ macos: 950 }), holds }, at(7, 0));
  expect(control.holds).toEqual(holds.slice(1));
  expect(result).toEqual({ week: "2026-02-02", wasTold: false, lifted: [hold("npm", "budget")] });
});

describe("a new week", () => {
  const exhausted = countEach([job(1, { minutes: 1000 })]);

  test("begins with everything at zero, and only that a budget was exhausted is remembered", () => {
    expect(budgetOf(startWeek(exhausted, "2026-02-02").control).alerts).toEqual(["2026-W05:100:macos"]);
    const { control } = startWeek(countEach([job(1, { minutes: 900 })]), "2026-02-02");
    expect(budgetOf(control)).toMatchObject({
      used: { macos: 0, linux: 0 },
      sampling: false,
      ecosystems: new Map(),
      hours: [],
      jobs: [],
      since: null,
      reached: { macos: {}, linux: {} },
      alerts: [],
    });
  });

  test("that begins with a reset counts only what ended after it, as if it had begun before", () => {
    const { control } = reset(exhausted, at(7, 9) + 123);
    expect(control).toEqual(reset(startWeek(exhausted, "2026-02-02").control, at(7, 9) + 123).control);
    const jobs = [job(2, { endedAt: at(7, 8) }), job(3, { endedAt: at(7, 10) })];
    expect(budgetOf(countEach(jobs, control)).used.macos).toBe(10);
    expect(budgetOf(control).alerts).toEqual(["2026-W05:100:macos"]);
  });
});

describe("in the middle of a week", () => {
  const { control } = reset(countEach([job(1, { minutes: 900 })]), at(1, 9) + 123);

  test("what ended before it does not count any more, whether or not it was counted", () => {
    const jobs = [job(1, { minutes: 900 }), job(2, { endedAt: at(1, 8) }), job(3, { endedAt: at(1, 10) })];
    expect(budgetOf(countEach(jobs, control)).used.macos).toBe(10);
    expect(budgetOf(control).since).toBe(at(1, 9));
  });

  test("a threshold is acted on again, and nobody is told twice", () => {
    const again = countEach([job(3, { minutes: 900, endedAt: at(2, 1) })], control);
    expect(again.holds).toHaveLength(1);
    expect(budgetOf(again).alerts).toEqual(budgetOf(control).alerts);
  });
});

test("a week is over when the next one has begun, on the wall clock of the settings", () => {
  const { budget } = used({ macos: 5 });
  expect(isWeekOver(budget, at(7, 0) - 1, POLICY)).toBe(false);
  expect(isWeekOver(budget, at(7, 0), POLICY)).toBe(true);
  const newYork = { ...POLICY, week: { ...POLICY.week, timeZone: "America/New_York" } };
  expect(isWeekOver(budget, at(7, 4), newYork)).toBe(false);
  expect(isWeekOver(EMPTY.budget, at(7, 0), POLICY)).toBe(false);
  expect(isWeekOver({ kind: "unreadable", problem: "x" }, at(7, 0), POLICY)).toBe(false);
});
