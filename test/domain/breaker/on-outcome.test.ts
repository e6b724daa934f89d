import { describe, expect, test } from "vitest";
import { type Breaker, CLOSED, REMEMBERED_OUTCOMES } from "../../../src/domain/breaker/breaker.ts";
import { standingOf } from "../../../src/domain/breaker/checkpoint.ts";
import { onAdmission } from "../../../src/domain/breaker/on-admission.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import { letPass } from "../../../src/domain/breaker/on-time.ts";
import { DAY, HOUR, MINUTE } from "../../../src/domain/instant.ts";
import { end, failure, NOON, OPEN, outcome, POLICY, replay, success } from "./example.ts";

const DUE = end(6);
const BEFORE_DUE = { startedAt: DUE - 1, at: DUE + HOUR };
const WHEN_DUE = { startedAt: DUE, at: DUE + 10 * MINUTE };

describe("a closed breaker", () => {
  test("a success is recorded and ends the run of failures", () => {
    const { kind, breaker } = onOutcome(replay([failure(1), failure(2)], POLICY), success(3), POLICY);
    expect(kind).toBe("recorded");
    expect(breaker).toMatchObject({ state: "closed", failures: 0, lastFailure: end(2) });
    expect(breaker.window.map(({ run }) => run)).toEqual(["1.1", "2.1", "3.1"]);
  });

  test("failures short of every rule are counted and leave it closed", () => {
    const breaker = replay([failure(1), failure(2), failure(3)], POLICY);
    expect(breaker).toMatchObject({ state: "closed", failures: 3, lastFailure: end(3), opensAt: null, trips: 0 });
  });

  test("the fifth failure in a row opens it for the recovery time, counted from the end of the run", () => {
    const policy = { ...POLICY, minCalls: 10 };
    const four = replay([failure(1), failure(2), failure(3), failure(4)], policy);
    const { breaker, ...what } = onOutcome(four, failure(5), policy);
    expect(what).toEqual({ kind: "opened", cause: "consecutive" });
    expect(breaker).toMatchObject({ state: "open", failures: 5, lastFailure: end(5), opensAt: end(6), trips: 1 });
  });

  test("the rate is weighted by parts: 24 failures of 25 open it where the counts of runs would not", () => {
    const healthy = [outcome(1, 1, 0), outcome(2, 1, 0), outcome(3, 1, 0)];
    expect(onOutcome(replay(healthy, POLICY), outcome(4, 1, 24), POLICY)).toMatchObject({
      kind: "opened",
      cause: "rate",
      breaker: { failures: 1, opensAt: end(5) },
    });
  });

  test("the rate does not count below the fewest calls", () => {
    expect(onOutcome(replay([success(1), failure(2)], POLICY), failure(3), POLICY).kind).toBe("recorded");
  });

  test("a success never opens it, whatever the rate", () => {
    const policy = { ...POLICY, window: 4 };
    const before = replay([outcome(1, 100, 0), outcome(2, 0, 9), outcome(3, 0, 9), outcome(4, 0, 9)], policy);
    expect(onOutcome(before, outcome(5, 2, 1), policy)).toMatchObject({ kind: "recorded", breaker: { failures: 0 } });
  });

  test.each([
    ["half of the parts", 1, 1, 1],
    ["less than half", 2, 1, 0],
    ["no part failed and a rate of zero", 1, 0, 0, 0],
  ])("an outcome fails from the failure rate on: %s", (_case, ok, failed, failures, failureRate = 0.5) => {
    const policy = { ...POLICY, failureRate };
    expect(onOutcome(CLOSED, outcome(1, ok, failed), policy).breaker.failures).toBe(failures);
  });

  test("the count goes on beyond the window", () => {
    const policy = { ...POLICY, window: 3, consecutive: 100, minCalls: 100 };
    const runs = Array.from({ length: 20 }, (_, index) => failure(index + 1));
    const breaker = replay(runs, policy);
    expect(breaker.failures).toBe(20);
    expect(breaker.checkpoint).toMatchObject({ failures: 14, rated: [{ failed: 1 }, { failed: 1 }, { failed: 1 }] });
  });

  test("failures that were counted before the first sample carry on", () => {
    const before: Breaker = { ...CLOSED, failures: 4, lastFailure: NOON };
    expect(onOutcome(before, failure(1), POLICY)).toMatchObject({ kind: "opened", breaker: { failures: 5 } });
    expect(onOutcome(before, success(1), POLICY).breaker.failures).toBe(0);
  });

  test("a late sample takes its place in time, and the failures in a row are those after it", () => {
    const before = replay([failure(1), failure(3), failure(4)], { ...POLICY, minCalls: 10 });
    const { breaker } = onOutcome(before, success(2), POLICY);
    expect(breaker.window.map(({ run }) => run)).toEqual(["1.1", "2.1", "3.1", "4.1"]);
    expect(breaker).toMatchObject({ failures: 2, lastFailure: end(4) });
  });

  test("a late failure that completes a rule opens it from the newest failure on", () => {
    const before = replay([failure(1), failure(2), failure(3)], POLICY);
    const late = failure(9, { at: NOON });
    expect(onOutcome(before, late, POLICY).breaker).toMatchObject({
      state: "open",
      lastFailure: end(3),
      opensAt: end(4),
    });
  });

  test("what is older than the oldest that is remembered changes nothing", () => {
    const full = replay(
      Array.from({ length: REMEMBERED_OUTCOMES + 1 }, (_, index) => success(index + 1)),
      POLICY,
    );
    expect(onOutcome(full, failure(11, { at: NOON }), POLICY)).toEqual({ kind: "none", breaker: full });
  });

  test("an outcome without parts changes nothing", () => {
    expect(onOutcome(CLOSED, outcome(1, 0, 0), POLICY)).toEqual({ kind: "none", breaker: CLOSED });
  });
});

describe("attempts of one run", () => {
  test("the same attempt twice changes nothing", () => {
    const once = replay([failure(1)], POLICY);
    expect(onOutcome(once, failure(1), POLICY)).toEqual({ kind: "none", breaker: once });
  });

  test("a later attempt takes the place of the earlier", () => {
    const rerun = success(1, { run: "1.10", at: end(2) });
    const breaker = replay([failure(1), rerun], POLICY);
    expect(breaker).toMatchObject({ failures: 0, window: [{ run: "1.10", ok: 1, failed: 0 }] });
  });

  test("an attempt that fails again is still one failing run", () => {
    expect(replay([failure(1), failure(1, { run: "1.2", at: end(2) })], POLICY).failures).toBe(1);
  });

  test("an earlier attempt that arrives late changes nothing", () => {
    const before = replay([success(1, { run: "1.10", at: end(2) })], POLICY);
    expect(onOutcome(before, failure(1, { run: "1.9" }), POLICY)).toEqual({ kind: "none", breaker: before });
  });
});

describe("trips", () => {
  const policy = { ...POLICY, consecutive: 1 };
  const recovered: Breaker = { ...CLOSED, trips: 2, lastFailure: NOON };

  test("a breaker that opens soon after it recovered stays open longer", () => {
    const at = NOON + DAY - 1;
    expect(onOutcome(recovered, failure(1, { at }), policy).breaker).toMatchObject({
      trips: 3,
      opensAt: at + 4 * HOUR,
    });
  });

  test("a day without failures, the longest recovery time, forgets the trips", () => {
    const at = NOON + DAY;
    expect(onOutcome(recovered, failure(1, { at }), policy).breaker).toMatchObject({ trips: 1, opensAt: at + HOUR });
    expect(onOutcome(recovered, success(1, { at }), policy).breaker.trips).toBe(0);
  });
});

describe("an open breaker", () => {
  test.each([success(7, BEFORE_DUE), failure(7, BEFORE_DUE)])(
    "a run that started before it was due is evidence only, however late it ended (%#)",
    (late) => {
      const { kind, breaker } = onOutcome(OPEN, late, POLICY);
      expect(kind).toBe("recorded");
      expect(standingOf(breaker)).toEqual(standingOf(OPEN));
      expect(breaker.window).toEqual([...OPEN.window, late]);
    },
  );

  test("a success of a run that started when it was due closes it, although nobody saw it become half-open", () => {
    const probe = success(7, WHEN_DUE);
    const { kind, breaker } = onOutcome(OPEN, probe, POLICY);
    expect(kind).toBe("closed");
    expect(standingOf(breaker)).toEqual({
      ...standingOf(CLOSED),
      lastFailure: OPEN.lastFailure,
      trips: OPEN.trips,
    });
  });

  test("a failure of a run that started when it was due opens it again, for twice as long", () => {
    const probe = failure(7, WHEN_DUE);
    expect(onOutcome(OPEN, probe, POLICY)).toMatchObject({
      kind: "reopened",
      breaker: {
        state: "open",
        failures: 6,
        lastFailure: probe.at,
        opensAt: probe.at + 2 * HOUR,
        trips: 2,
        probe: null,
      },
    });
  });

  test("without a time to open at, only a person closes it", () => {
    const forced: Breaker = { ...OPEN, opensAt: null };
    expect(onOutcome(forced, success(99), POLICY)).toMatchObject({ kind: "recorded", breaker: { state: "open" } });
  });
});

describe("a half-open breaker", () => {
  const halfOpen = onAdmission(OPEN, { run: "7.1", at: DUE }, POLICY).breaker;

  test("a success of the probe closes it and keeps the trips", () => {
    expect(onOutcome(halfOpen, success(7, WHEN_DUE), POLICY)).toMatchObject({
      kind: "closed",
      breaker: { state: "closed", failures: 0, trips: 1, opensAt: null, probe: null },
    });
  });

  test("a failure of the probe opens it again", () => {
    expect(onOutcome(halfOpen, failure(7, WHEN_DUE), POLICY)).toMatchObject({
      kind: "reopened",
      breaker: { state: "open", trips: 2, probe: null },
    });
  });

  test("stays half-open in the file when a timer made it so and an outcome, late or not, decides nothing", () => {
    const policy = { ...POLICY, minCalls: 10 };
    const flipped: Breaker = { ...OPEN, state: "half-open", probe: { successes: 0 } };
    const evidence = [failure(8, BEFORE_DUE), success(9, { startedAt: end(5), at: end(5) + MINUTE })];
    const after = replay(evidence, policy, flipped);
    expect(standingOf(after)).toEqual(standingOf(flipped));
    expect(after.window.map(({ run }) => run)).toEqual(["2.1", "3.1", "4.1", "5.1", "9.1", "8.1"]);
  });

  test("another run that started before it was due is evidence only", () => {
    const { kind, breaker } = onOutcome(halfOpen, failure(8, BEFORE_DUE), POLICY);
    expect(kind).toBe("recorded");
    expect(breaker).toMatchObject({ state: "half-open", probe: halfOpen.probe });
  });

  test("it closes after as many successes as the policy asks for; each releases the lease", () => {
    const policy = { ...POLICY, probes: 2 };
    const first = onOutcome(halfOpen, success(7, WHEN_DUE), policy);
    expect(first).toMatchObject({
      kind: "probing",
      breaker: { state: "half-open", probe: { successes: 1 }, lease: null },
    });
    expect(onOutcome(first.breaker, success(8), policy).kind).toBe("closed");
  });

  test("a result answers even after the lease has ended, as it does when the start of its run was never seen", () => {
    const late = success(7, { startedAt: DUE, at: DUE + 7 * HOUR });
    const given = letPass(halfOpen, POLICY, DUE + 7 * HOUR);
    expect(given).toMatchObject({ state: "half-open", opensAt: DUE + 7 * HOUR });
    for (const breaker of [halfOpen, given, OPEN]) {
      expect(onOutcome(breaker, late, { ...POLICY, minCalls: 10 })).toMatchObject({
        kind: "closed",
        breaker: { lease: null },
      });
    }
  });

  test("a run that decides nothing leaves the lease to another", () => {
    const { breaker } = onOutcome(halfOpen, failure(8, BEFORE_DUE), POLICY);
    expect(breaker.lease).toEqual(halfOpen.lease);
  });
});
