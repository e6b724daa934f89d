import { describe, expect, test } from "vitest";
import { mayRun } from "../../../src/domain/breaker/admission.ts";
import { type Breaker, CLOSED, PROBE_LEASE } from "../../../src/domain/breaker/breaker.ts";
import { onAdmission } from "../../../src/domain/breaker/on-admission.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import { letPass, onTime } from "../../../src/domain/breaker/on-time.ts";
import { HOUR } from "../../../src/domain/instant.ts";
import { end, OPEN, POLICY, success } from "./example.ts";

const DUE = end(6);
const halfOpen = onAdmission(OPEN, { run: "7.1", at: DUE }, POLICY).breaker;
const expiry = DUE + PROBE_LEASE;

describe("whether a run may start", () => {
  const forced: Breaker = { ...OPEN, opensAt: null };
  const unleased: Breaker = { ...halfOpen, lease: null };
  test.each([
    ["closed", CLOSED, DUE, { allowed: true, why: "closed" }],
    ["open, not due", OPEN, DUE - 1, { allowed: false, why: "open", until: DUE }],
    ["open and due", OPEN, DUE, { allowed: true, why: "probe" }],
    ["open without a date", forced, DUE, { allowed: false, why: "open until reset" }],
    ["half-open", unleased, DUE, { allowed: true, why: "probe" }],
    ["half-open, leased", halfOpen, DUE, { allowed: false, why: "probe under way", run: "7.1", until: expiry }],
    ["half-open, lease over", halfOpen, expiry, { allowed: false, why: "open", until: expiry + HOUR }],
  ])("%s", (_case, breaker, now, expected) => {
    expect(mayRun(breaker, POLICY, now)).toEqual(expected);
  });
});

describe("an admission", () => {
  test("a breaker that is due gives the run the lease of the probe", () => {
    expect(onAdmission(OPEN, { run: "7.1", at: DUE }, POLICY)).toMatchObject({
      kind: "probing",
      breaker: { state: "half-open", opensAt: DUE, probe: { successes: 0 }, lease: { run: "7.1", until: expiry } },
    });
  });

  test("while a lease lives, no other run gets one", () => {
    expect(onAdmission(halfOpen, { run: "8.1", at: expiry - 1 }, POLICY)).toEqual({ kind: "none", breaker: halfOpen });
  });

  test("the next probe keeps the successes of the ones before", () => {
    const policy = { ...POLICY, probes: 2 };
    const waiting = onOutcome(halfOpen, success(7, { startedAt: DUE }), policy).breaker;
    expect(onAdmission(waiting, { run: "8.1", at: DUE + HOUR }, policy).breaker).toMatchObject({
      probe: { successes: 1 },
      lease: { run: "8.1", until: DUE + HOUR + PROBE_LEASE },
    });
  });

  test("of two runs that started the first has the lease, whichever is heard of first", () => {
    const [first, second] = [
      { run: "7.1", at: DUE },
      { run: "8.1", at: DUE + HOUR },
    ];
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      expect(order.reduce((breaker, start) => onAdmission(breaker, start, POLICY).breaker, OPEN)).toEqual(halfOpen);
    }
  });

  test("when a lease has ended and the breaker is due again, the next run is the probe", () => {
    const again = expiry + HOUR;
    const open = letPass(halfOpen, POLICY, expiry);
    expect(mayRun(open, POLICY, again - 1)).toMatchObject({ allowed: false, why: "open" });
    const next = onAdmission(open, { run: "9.1", at: again }, POLICY).breaker;
    expect(next).toEqual({ ...halfOpen, lease: { run: "9.1", until: again + PROBE_LEASE } });
    expect(mayRun(next, POLICY, again + 1)).toMatchObject({ why: "probe under way", run: "9.1" });
  });

  test.each([
    ["closed", CLOSED],
    ["open and not due", OPEN],
  ])("a breaker that is %s stays what it is", (_case, breaker) => {
    expect(onAdmission(breaker, { run: "7.1", at: DUE - 1 }, POLICY)).toEqual({ kind: "none", breaker });
  });
});

describe("time", () => {
  test("a probe that never reports is no trip: open again for the basic recovery time from the end of its lease", () => {
    const repeated: Breaker = { ...halfOpen, trips: 4 };
    const open: Breaker = { ...repeated, state: "open", opensAt: expiry + HOUR, probe: null };
    expect(onTime(repeated, POLICY, expiry)).toEqual({ kind: "expired", breaker: open });
    expect(onTime(repeated, POLICY, expiry + 9 * HOUR)).toEqual({ kind: "expired", breaker: open });
  });

  test("a lease that lives, and every breaker without one, stays what it is", () => {
    expect(onTime(halfOpen, POLICY, expiry - 1)).toEqual({ kind: "none", breaker: halfOpen });
    expect(onTime(OPEN, POLICY, expiry)).toEqual({ kind: "none", breaker: OPEN });
  });

  test("a closed breaker with an opening time was closed by another writer", () => {
    const closedByHand: Breaker = { ...OPEN, state: "closed", failures: 0 };
    expect(onTime(closedByHand, POLICY, DUE)).toEqual({
      kind: "closed",
      breaker: { ...closedByHand, opensAt: null },
    });
  });

  test("a closed breaker with an opening time that we never opened is left as it is", () => {
    const before: Breaker = { ...CLOSED, opensAt: DUE };
    expect(onTime(before, POLICY, DUE)).toEqual({ kind: "none", breaker: before });
  });
});
