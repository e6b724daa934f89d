import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { parseInstant, printInstant } from "../../src/domain/instant.ts";

describe("an instant", () => {
  test.each([
    ["2026-01-28T03:15:00Z", Date.UTC(2026, 0, 28, 3, 15)],
    ["2026-01-28T03:15Z", Date.UTC(2026, 0, 28, 3, 15)],
    ["2026-01-28T03:15:00.250Z", Date.UTC(2026, 0, 28, 3, 15, 0, 250)],
    ["2026-01-28T03:15:00+02:00", Date.UTC(2026, 0, 28, 1, 15)],
  ])("is read from %s", (text, milliseconds) => {
    expect(parseInstant(text)).toBe(milliseconds);
  });

  test.each([
    ["no zone: it would name another moment elsewhere", "2026-01-28T03:15:00"],
    ["a date alone", "2026-01-28"],
    ["a day that does not exist", "2026-02-30T00:00:00Z"],
    ["a month that does not exist", "2026-13-01T00:00:00Z"],
    ["a year that four digits cannot print in UTC", "9999-12-31T23:59:59-23:59"],
    ["upstream's time stamps of file names", "2026-06-26T20-49-32Z"],
    ["words", "tomorrow"],
    ["nothing", ""],
    ["no text", 1_769_570_100_000],
  ])("is not read from %s", (_what, text) => {
    expect(parseInstant(text)).toBeNull();
  });

  test.prop([
    fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
  ])("is printed with whole seconds and read back", (date) => {
    const seconds = Math.floor(date.getTime() / 1000) * 1000;
    expect(parseInstant(printInstant(seconds))).toBe(seconds);
  });
});
