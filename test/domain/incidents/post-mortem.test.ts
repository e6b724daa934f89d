import { expect, test } from "vitest";
import { addEntries, type Entry } from "../../../src/domain/incidents/incident-log.ts";
import { newLog } from "../../../src/domain/incidents/log-section.ts";
import { closingText, durationsText } from "../../../src/domain/incidents/post-mortem.ts";
import { isCalm, isFlapping, isSame } from "../../../src/domain/incidents/recurrence.ts";

const START = Date.UTC(2026, 0, 28, 3, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const at = (hours: number, kind: Entry["kind"], by = ""): Entry => {
  return { at: START + hours * HOUR, kind, key: `${kind}:${hours}`, by, words: "" };
};

test("the times are counted from the last opening", () => {
  const log = addEntries(newLog(START), [at(1, "acknowledged", "olga"), at(2, "resolved", "olga")]);
  expect(durationsText(log)).toBe("**Time to acknowledge:** 1 h 0 min. **Time to resolve:** 2 h 0 min.");
  const again = addEntries(log, [at(10, "reopened"), at(10.5, "resolved")]);
  expect(durationsText(again)).toBe("**Time to acknowledge:** never acknowledged. **Time to resolve:** 30 min.");
});

test("the post-mortem is filled in with what is known, and asks for the rest", () => {
  const log = addEntries(newLog(START, "npm: the circuit breaker is open"), [
    at(0.5, "reminded"),
    at(1, "escalated"),
    at(1.2, "acknowledged", "olga"),
    at(1.5, "command", "Olga"),
    at(2, "resolved", "petra"),
  ]);
  const text = closingText(log, "critical");
  expect(text).toContain("Severity: critical.");
  expect(text).toContain("- 2026-01-28T03:00:00Z **detected**: `npm: the circuit breaker is open`");
  expect(text).toContain("- 2 people took part; reminders: 1, escalations: 1.");
  expect(text).toMatch(/### Root cause\n<!-- .* -->/);
});

test("what comes back within ten days is the same incident", () => {
  expect([isSame(START, START + 240 * HOUR), isSame(START, START + 240 * HOUR + 1)]).toEqual([true, false]);
});

test("what comes back three times within a day flaps until it has been calm for six hours", () => {
  const twice = addEntries(newLog(START), [at(1, "reopened"), at(2, "reopened")]);
  expect(isFlapping(twice, START + 3 * HOUR)).toBe(false);
  const log = addEntries(twice, [at(3, "reopened")]);
  expect([isFlapping(log, START + 3 * HOUR), isFlapping(log, START + 25.5 * HOUR)]).toEqual([true, false]);
  expect([isCalm(log, START + 8 * HOUR), isCalm(log, START + 9 * HOUR)]).toEqual([false, true]);
});
