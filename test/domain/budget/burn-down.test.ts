import { describe, expect, test } from "vitest";
import { burnDown } from "../../../src/domain/budget/burn-down.ts";
import type { SystemDescription } from "../../../src/domain/budget/describe-budget.ts";
import type { PastVersion } from "../../../src/domain/control/past-version.ts";
import { DAY, HOUR } from "../../../src/domain/instant.ts";

const BEGINS = Date.UTC(2026, 0, 26);
const SPAN = { week: "2026-01-26", begins: BEGINS, since: BEGINS, ends: BEGINS + 7 * DAY };
const WEEK = "2026-01-26";

function system(used: number, rate: number): SystemDescription {
  const burn = { rate, pace: 1 };
  return { system: "linux", used, limit: 1000, percent: used / 10, burn: { sixHours: burn, day: burn }, forecast: [] };
}

function version(at: number, linux: number, start = WEEK): PastVersion {
  return { sha: `sha-${at}`, at, breakers: new Map(), week: { start, used: { macos: 0, linux } } };
}

describe("the burn-down of a week", () => {
  test("begins with the whole budget and goes down to what is left now", () => {
    const versions = [
      version(BEGINS + 2 * DAY, 300),
      version(BEGINS + DAY, 100),
      version(BEGINS - DAY, 900, "2026-01-19"),
    ];
    const now = BEGINS + 3 * DAY;
    const { past } = burnDown(system(400, 0), { span: SPAN, now }, { versions, weekStart: WEEK });
    expect(past.map(({ at, left }) => [(at - BEGINS) / DAY, left])).toEqual([
      [0, 1000],
      [1, 900],
      [2, 700],
      [3, 600],
    ]);
  });

  test.each([
    ["is used up before the week ends", 10, { at: BEGINS + DAY + 60 * HOUR, left: 0 }],
    ["lasts the week", 1, { at: SPAN.ends, left: 600 - 144 }],
  ])("forecast: it %s", (_, rate, end) => {
    const { forecast } = burnDown(
      system(400, rate),
      { span: SPAN, now: BEGINS + DAY },
      { versions: [], weekStart: WEEK },
    );
    expect(forecast.at(-1)).toEqual(end);
  });

  test("of a week that is over nothing is forecast", () => {
    const now = SPAN.ends + DAY;
    const { past, forecast } = burnDown(system(400, 5), { span: SPAN, now }, { versions: [], weekStart: WEEK });
    expect(past.at(-1)).toEqual({ at: SPAN.ends, left: 600 });
    expect(forecast).toHaveLength(1);
  });
});
