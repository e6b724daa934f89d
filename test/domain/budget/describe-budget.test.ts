import { describe, expect, test } from "vitest";
import { describeBudget } from "../../../src/domain/budget/describe-budget.ts";
import { shares } from "../../../src/domain/budget/share.ts";
import { HOUR } from "../../../src/domain/instant.ts";
import { at, budgetOf, countEach, EMPTY, job, POLICY, used } from "./example.ts";

function macos(control = EMPTY, now = at(1, 0)) {
  const described = describeBudget(budgetOf(control), POLICY, now);
  return described.systems.find(({ system }) => system === "macos");
}

describe("the rate", () => {
  // Ten minutes an hour through the Monday, and sixty in the last hour of it.
  const monday = countEach(
    Array.from({ length: 24 }, (_, hour) => job(hour + 1, { endedAt: at(0, hour), minutes: hour === 23 ? 60 : 10 })),
  );

  test("is taken over the last six and the last twenty-four hours", () => {
    const burn = macos(monday, at(1, 0) - 1)?.burn;
    expect(burn?.sixHours.rate).toBeCloseTo(110 / 6, 2);
    expect(burn?.day.rate).toBeCloseTo(290 / 24, 2);
    expect(burn?.day.pace).toBeCloseTo(((290 / 24) * 168) / 1000, 2);
  });

  test("is taken since the week began, where that is less, and over no less than an hour", () => {
    const first = countEach([job(1, { endedAt: at(0, 0), minutes: 10 })]);
    expect(macos(first, at(0, 0) + 5 * 60_000)?.burn.day.rate).toBe(10);
    expect(macos(first, at(0, 2))?.burn.day.rate).toBe(5);
  });

  test("is nothing when nothing was used", () => {
    expect(macos(used({ macos: 500 }))?.burn.day).toEqual({ rate: 0, pace: 0 });
  });
});

describe("the forecast", () => {
  const at24 = (day: number, minutes: number) =>
    used({ macos: minutes }, { hours: [{ from: at(day, 0), macos: 240, linux: 0 }] });
  const when = (control: typeof EMPTY, now: number) => macos(control, now)?.forecast.map((threshold) => threshold.when);

  test("says when each threshold is reached at the rate of the last day", () => {
    // 240 minutes in 24 hours: 100 more take ten hours.
    expect(when(at24(1, 700), at(2, 0) - 1)).toMatchObject([
      { kind: "expected", at: expect.closeTo(at(2, 10), -4) },
      { kind: "expected", at: expect.closeTo(at(2, 20), -4) },
      { kind: "expected", at: expect.closeTo(at(3, 6), -4) },
    ]);
  });

  test("tells what is reached and what is not before the week ends", () => {
    expect(when(at24(6, 850), at(7, 0) - HOUR)).toMatchObject([
      { kind: "reached" },
      { kind: "not-this-week" },
      { kind: "not-this-week" },
    ]);
  });
});

test("the cost is that of all minutes that have a price, and of what the rest of the week takes", () => {
  const control = used({ macos: 100, linux: 1000 }, { unmetered: { windows: 50, "self-hosted": 999, unknown: 10 } });
  const described = describeBudget(budgetOf(control), POLICY, at(6, 0));
  expect(described.cost.soFar).toBeCloseTo(6.2 + 6 + 0.5);
  expect(described.cost.byTheEnd).toBeCloseTo(12.7);
});

describe("the week in the file", () => {
  test.each([
    ["over", at(7, 0)],
    ["present", at(7, 0) - 1],
    ["future", at(0, 0) - 1],
  ])("is %s", (timing, now) => expect(describeBudget(budgetOf(used({})), POLICY, now).timing).toBe(timing));

  test("is none before the first, and the present one is described", () => {
    const { timing, span } = describeBudget(budgetOf(EMPTY), POLICY, at(3, 0));
    expect({ timing, span }).toMatchObject({ timing: "none", span: { week: "2026-01-26", ends: at(7, 0) } });
  });
});

describe("shares", () => {
  const ecosystems = new Map([
    ["npm", { macos: 100, linux: 0 }],
    ["homebrew", { macos: 300, linux: 50 }],
    ["quiet", { macos: 0, linux: 0 }],
  ]);

  test("are of all that was used, the largest first, and what names none last", () => {
    expect(shares(budgetOf(used({ macos: 500, linux: 50 }, { ecosystems })))).toEqual([
      { ecosystem: "homebrew", minutes: { macos: 300, linux: 50 }, percent: { macos: 60, linux: 100 } },
      { ecosystem: "npm", minutes: { macos: 100, linux: 0 }, percent: { macos: 20, linux: 0 } },
      { ecosystem: null, minutes: { macos: 100, linux: 0 }, percent: { macos: 20, linux: 0 } },
    ]);
  });

  test("are of what was counted where somebody wrote a smaller total", () => {
    expect(shares(budgetOf(used({ macos: 0 }, { ecosystems }))).map(({ percent }) => percent.macos)).toEqual([75, 25]);
  });
});
