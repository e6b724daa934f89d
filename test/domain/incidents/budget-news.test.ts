import { describe, expect, test } from "vitest";
import type { BudgetAlert } from "../../../src/domain/budget/alert.ts";
import { countMinutes } from "../../../src/domain/budget/count-minutes.ts";
import { resetWeek } from "../../../src/domain/budget/reset-week.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { budgetNews } from "../../../src/domain/incidents/budget-news.ts";
import { at, countEach, EMPTY, job, POLICY, runOf, used } from "../budget/example.ts";

/** What people find after one more job of so many macOS minutes. */
function newsAfter(control: Control, minutes: number, endedAt = at(0, 12)) {
  const counted = countMinutes(control, [runOf(job(900, { minutes, endedAt, ecosystem: "npm" }))], POLICY);
  const alerts: readonly BudgetAlert[] = counted.result.kind === "counted" ? counted.result.alerts : [];
  return { control: counted.control, ...budgetNews(counted.control, alerts, POLICY, endedAt) };
}

describe("the incident of the budget", () => {
  test.each([
    [790, 10, "low", ["2026-W05:80:macos"]],
    [890, 10, "medium", ["2026-W05:80:macos", "2026-W05:90:macos"]],
    [990, 10, "medium", ["2026-W05:80:macos", "2026-W05:90:macos", "2026-W05:100:macos"]],
  ])("of %i and %i minutes is %s and says each threshold", (before, minutes, severity, keys) => {
    const { incident } = newsAfter(used({ macos: before }), minutes);
    expect(incident).toMatchObject({ kind: "open", incident: { severity, cause: { kind: "budget" } } });
    expect(incident.kind === "open" && incident.updates.map(({ key }) => key)).toEqual(keys);
  });

  test("walks the runbook: use, reset, shares, sampling, holds", () => {
    const { incident } = newsAfter(used({ macos: 890 }), 10);
    const body = incident.kind === "open" ? incident.incident.body : "";
    expect(body).toContain("**macOS**: 900 of 1000 minutes, 90 %");
    expect(body).toContain("at 2026-02-02T00:00:00Z");
    expect(body).toContain("`npm` (1 % of macOS, 0 % of Linux)");
    expect(body).toMatch(/\*\*Sampling:\*\* on\.[\s\S]*\*\*Held by the budget:\*\* npm \(`h-[0-9a-f]{6}`\)\./);
  });

  test("is closed below the thresholds, and by a reset", () => {
    expect(newsAfter(EMPTY, 10).incident.kind).toBe("closed");
    const { control } = newsAfter(used({ macos: 890 }), 10);
    expect(budgetNews(resetWeek(control, at(7, 0), POLICY).control, [], POLICY, at(7, 0)).incident).toMatchObject({
      kind: "closed",
      update: { key: "budget-relieved:2026-02-02" },
    });
  });

  test("of a budget that cannot be read quotes the problem and stops nothing", () => {
    const garbled: Control = { ...EMPTY, budget: { kind: "unreadable", problem: "budget.week_start: `@all`" } };
    const { incident, frequency } = budgetNews(garbled, [], POLICY, at(0, 0));
    expect(incident).toMatchObject({ kind: "open", incident: { severity: "low" } });
    expect(incident.kind === "open" && incident.incident.body).toContain("`` budget.week_start: `@all` ``");
    expect(frequency).toBeNull();
  });
});

describe("a new frequency is proposed", () => {
  const exhaustedBefore = (weeks: number) =>
    countEach(
      Array.from({ length: weeks }, (_, index) =>
        job(index + 1, { minutes: 1000, endedAt: at(-7 * (index + 1), 12) }),
      ).reverse(),
    );

  test("when the budget is exhausted in two of four weeks, with the arithmetic", () => {
    const { frequency } = newsAfter(exhaustedBefore(1), 1000, at(3, 14));
    expect(frequency?.body).toContain(
      "**macOS**: exhausted before the week ended in 2 of the last 4 weeks (2026-W04, 2026-W05). 1000 minutes in 86 hours are 11.6 an hour, 1953 in the 168 hours of a week. Up to the threshold of sampling are 800: 1953 / 800 = 2.4, so one run instead of 3. What starts every hour would start every 3 hours.",
    );
  });

  test("not when it is exhausted once", () => {
    expect(newsAfter(used({ macos: 990, linux: 0 }), 10, at(3, 14)).frequency).toBeNull();
  });

  test("when one ecosystem used over half of a budget", () => {
    const { frequency } = newsAfter(EMPTY, 510, at(6, 0));
    expect(frequency).toMatchObject({ severity: "low", cause: { kind: "budget-frequency" } });
    expect(frequency?.body).toContain(
      "**`npm` on macOS**: used over half of the budget. 510 minutes in 144 hours are 3.5 an hour, 595 in the 168 hours of a week. Up to half of the budget are 500: 595 / 500 = 1.2, so one run instead of 2.",
    );
  });

  test("once a week: what a person has closed does not come back with the next run", () => {
    const { control } = newsAfter(EMPTY, 510, at(5, 0));
    const next = countMinutes(control, [runOf(job(901, { endedAt: at(5, 1) }))], POLICY);
    expect(next.result).toMatchObject({ alerts: [] });
    expect(budgetNews(next.control, [], POLICY, at(5, 1)).frequency).toBeNull();
  });
});
