import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { laterWeek, startOf, weekName, weekOf, weekOfDate } from "../../../src/domain/budget/week.ts";
import { HOUR } from "../../../src/domain/instant.ts";

const rule = (timeZone: string, firstDay = 1) => ({ timeZone, firstDay });

describe("a moment falls into the week of its wall clock", () => {
  test.each([
    ["2026-01-25T23:59:59Z", "UTC", 1, "2026-01-19"],
    ["2026-01-26T00:00:00Z", "UTC", 1, "2026-01-26"],
    ["2026-01-25T23:00:00Z", "Europe/Paris", 1, "2026-01-26"],
    ["2026-01-26T04:59:59Z", "America/New_York", 1, "2026-01-19"],
    ["2026-01-26T05:00:00Z", "America/New_York", 1, "2026-01-26"],
    ["2026-01-28T12:00:00Z", "UTC", 7, "2026-01-25"],
    ["2026-01-28T12:00:00Z", "UTC", 3, "2026-01-28"],
    ["2026-01-01T00:00:00Z", "UTC", 1, "2025-12-29"],
    ["2026-01-25T18:29:59Z", "Asia/Kolkata", 1, "2026-01-19"],
    ["2026-01-25T18:30:00Z", "Asia/Kolkata", 1, "2026-01-26"],
  ])("%s in %s, weeks from day %i: %s", (moment, timeZone, firstDay, week) => {
    expect(weekOf(Date.parse(moment), rule(timeZone, firstDay))).toBe(week);
  });
});

describe("a week has the hours that the clock gives it", () => {
  test.each([
    ["spring forward in New York", "America/New_York", "2026-03-02", 167],
    ["fall back in New York", "America/New_York", "2026-10-26", 169],
    ["spring forward in Paris", "Europe/Paris", "2026-03-23", 167],
    ["fall back in Paris", "Europe/Paris", "2026-10-19", 169],
    ["half an hour in Lord Howe", "Australia/Lord_Howe", "2026-03-30", 168.5],
    ["an ordinary one", "Europe/Paris", "2026-01-26", 168],
  ])("%s", (_, timeZone, week, hours) => {
    const from = startOf(week, rule(timeZone));
    expect((startOf(laterWeek(week, 1), rule(timeZone)) - from) / HOUR).toBe(hours);
  });

  test("where midnight is skipped, the day begins when the gap ends", () => {
    // Clocks in Beirut went from 0:00 to 1:00 on that day, a Sunday.
    expect(new Date(startOf("2024-03-31", rule("Asia/Beirut", 7))).toISOString()).toBe("2024-03-30T22:00:00.000Z");
  });
});

test.each([
  ["2026-01-26", "2026-W05"],
  ["2026-01-25", "2026-W05"],
  ["2025-12-29", "2026-W01"],
  ["2026-12-28", "2026-W53"],
])("the week of %s is called %s", (week, name) => expect(weekName(week)).toBe(name));

const zones = fc.constantFrom(
  "UTC",
  "America/New_York",
  "Europe/Paris",
  "Asia/Kolkata",
  "Pacific/Chatham",
  "Asia/Beirut",
);

test.prop([
  zones,
  fc.integer({ min: 1, max: 7 }),
  fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }),
])("every moment is in exactly one week, between its first moment and the next one's", (timeZone, firstDay, date) => {
  const instant = date.getTime();
  const week = weekOf(instant, rule(timeZone, firstDay));
  expect(startOf(week, rule(timeZone, firstDay))).toBeLessThanOrEqual(instant);
  expect(startOf(laterWeek(week, 1), rule(timeZone, firstDay))).toBeGreaterThan(instant);
  expect(weekOfDate(week, rule(timeZone, firstDay))).toBe(week);
  expect(weekName(laterWeek(week, 1)) > weekName(week)).toBe(true);
});
