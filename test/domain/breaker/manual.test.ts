import { expect, test } from "vitest";
import { mayRun } from "../../../src/domain/breaker/admission.ts";
import { CLOSED } from "../../../src/domain/breaker/breaker.ts";
import { probeBreaker, resetBreaker, tripBreaker } from "../../../src/domain/breaker/manual.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import { DAY, MINUTE } from "../../../src/domain/instant.ts";
import { end, failure, NOON, OPEN, POLICY, success } from "./example.ts";

test("a trip by an operator lasts until a person ends it", () => {
  const { breaker, ...what } = tripBreaker(CLOSED, NOON);
  expect(what).toEqual({ kind: "opened", cause: "operator" });
  expect(mayRun(breaker, POLICY, end(0) + 1000 * DAY)).toEqual({ allowed: false, why: "open until reset" });
  expect(tripBreaker(breaker, NOON)).toEqual({ kind: "none", breaker });
});

test("an operator's trip overrules the time of an open breaker", () => {
  expect(tripBreaker(OPEN, end(5))).toMatchObject({
    kind: "opened",
    breaker: { state: "open", opensAt: null, failures: 5 },
  });
});

test("a reset starts afresh: what is known of earlier runs counts no more", () => {
  const { kind, breaker } = resetBreaker(OPEN, end(6));
  expect(kind).toBe("closed");
  expect(breaker).toMatchObject({ ...CLOSED, lastFailure: end(5), window: OPEN.window, checkpoint: { rated: [] } });
  expect(onOutcome(breaker, failure(7), POLICY).breaker).toMatchObject({ state: "closed", failures: 1, trips: 0 });
});

test.each([
  ["a trip", tripBreaker],
  ["a reset", resetBreaker],
  ["a probe", probeBreaker],
])("%s is not undone by a run that ended before it, known or not", (_case, decide) => {
  const { breaker } = decide(OPEN, end(8));
  for (const late of [failure(5), failure(6), success(7), success(8)]) {
    expect(onOutcome(breaker, late, { ...POLICY, consecutive: 1 })).toEqual({ kind: "none", breaker });
  }
});

test("a probe on demand does not wait for the time; a run that was already under way is not it", () => {
  const now = end(5) + MINUTE;
  const { kind, breaker } = probeBreaker(tripBreaker(OPEN, now).breaker, now);
  expect(kind).toBe("probing");
  expect(mayRun(breaker, POLICY, now)).toEqual({ allowed: true, why: "probe" });
  expect(onOutcome(breaker, success(7, { startedAt: now - 1 }), POLICY).kind).toBe("recorded");
  expect(onOutcome(breaker, success(7, { startedAt: now }), POLICY).kind).toBe("closed");
});

test("a closed breaker needs no probe", () => {
  expect(probeBreaker(CLOSED, end(0))).toEqual({ kind: "none", breaker: CLOSED });
});
