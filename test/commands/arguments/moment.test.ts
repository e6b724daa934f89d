import { describe, expect, test } from "vitest";
import { printInstant } from "../../../src/domain/instant.ts";
import { outcomes } from "../sample-commands.ts";

/** What `--until` made of the words after it, and what it left for the reason. */
function until(words: string) {
  const [outcome] = outcomes(`/batch stop npm --until ${words}`);
  if (outcome === undefined || "refused" in outcome) return outcome;
  const { until: instant, reason } = outcome.args as { until: number | null; reason: string };
  return { until: instant === null ? null : printInstant(instant), reason, notes: outcome.notes };
}

describe("on Tuesday 3 February 2026, 12:00 UTC", () => {
  test.each([
    ["18:00", "2026-02-03T18:00:00Z"],
    ["18:00Z", "2026-02-03T18:00:00Z"],
    ["18:00 CET", "2026-02-03T17:00:00Z"],
    ["9:00", "2026-02-04T09:00:00Z"],
    ["2h", "2026-02-03T14:00:00Z"],
    ["in 90 minutes", "2026-02-03T13:30:00Z"],
    ["3 days", "2026-02-06T12:00:00Z"],
    ["tomorrow", "2026-02-04T12:00:00Z"],
    ["tomorrow 9:00", "2026-02-04T09:00:00Z"],
    ['"tomorrow at 9:00"', "2026-02-04T09:00:00Z"],
    ["friday", "2026-02-06T12:00:00Z"],
    ["2026-02-04", "2026-02-04T12:00:00Z"],
    ["2026-02-04 18:30", "2026-02-04T18:30:00Z"],
    ["2026-02-04T12:00:00+02:00", "2026-02-04T10:00:00Z"],
    ["2026-02-04T12:00Z.", "2026-02-04T12:00:00Z"],
  ])("--until %s is %s", (words, instant) => {
    expect(until(words)).toEqual({ until: instant, reason: "", notes: [] });
  });

  test.each([
    ["2h mirror is down", "mirror is down"],
    ["tomorrow 9:00 mirror is down", "mirror is down"],
    ["18:00 — until 20:00 at most", "until 20:00 at most"],
    ["18:00: mirror is down", "mirror is down"],
    ["18:00, mirror is down", "mirror is down"],
  ])("--until %s leaves the reason %j", (words, reason) => {
    expect(until(words)).toMatchObject({ reason, until: expect.stringMatching(/^2026-02-0[34]/) });
  });

  test.each([
    ["yesterday", "which is past"],
    ["2026-02-01T00:00:00Z", "is 2026-02-01T00:00:00Z, which is past"],
    ["2 hours ago", "which is past"],
    ["2028-01-01", "more than a year away"],
    ["2026-02-30", "needs a time, and `2026-02-30` is none"],
    ["03/02", "needs a time"],
    ["soon", "needs a time, and `soon` is none"],
    ["", "needs a time"],
    [`${"9".repeat(5000)}h`, "needs a time"],
  ])("--until %.30s is told, and the stop stands without an end", (words, why) => {
    expect(until(words)).toEqual({ until: null, reason: "", notes: [expect.stringContaining(why)] });
  });
});
