import { describe, expect, test } from "vitest";
import { readPastVersion } from "../../../src/domain/control/past-version.ts";

const COMMIT = { sha: "abc", at: 0 };

describe("an earlier version of the control file", () => {
  test("says what its breakers and its budget said", () => {
    const text = JSON.stringify({
      circuit_breaker: { npm: { state: "open", failures: 5, opens_at: "2026-01-28T03:15:00Z" }, __proto__x: null },
      budget: { macos_minutes_used: 1, linux_minutes_used: 2, week_start: "2026-01-26" },
    });
    const version = readPastVersion(COMMIT, text);
    expect([...(version?.breakers ?? [])]).toEqual([
      ["npm", "open"],
      ["__proto__x", "closed"],
    ]);
    expect(version?.week).toEqual({ start: "2026-01-26", used: { macos: 1, linux: 2 } });
  });

  test.each(["", "[]", "nonsense", "null", "3"])("%j is none", (text) => {
    expect(readPastVersion(COMMIT, text)).toBeNull();
  });

  test.each([
    ["a budget", '{"budget": {"macos_minutes_used": "many"}}'],
    ["breakers", '{"circuit_breaker": 3}'],
  ])("%s that cannot be read leaves the rest", (_, text) => {
    expect(readPastVersion(COMMIT, text)).not.toBeNull();
  });
});
