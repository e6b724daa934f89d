import { expect, test } from "vitest";
import { type Breaker, CLOSED } from "../../../src/domain/breaker/breaker.ts";
import { describeBreaker } from "../../../src/domain/breaker/describe-breaker.ts";
import { onAdmission } from "../../../src/domain/breaker/on-admission.ts";
import { end, OPEN, outcome, POLICY, replay } from "./example.ts";

const DUE = end(6);
const forced: Breaker = { ...OPEN, opensAt: null };
const halfOpen = onAdmission(OPEN, { run: "7.1", at: DUE }, POLICY).breaker;
const trips = { count: OPEN.trips, of: 3 };

test.each([
  [
    "without a history",
    CLOSED,
    { state: "closed", failures: { count: 0, of: 5 }, lastFailure: null, recent: { runs: 0, ok: 0, failed: 0 } },
  ],
  [
    "closed: how near it is to opening",
    replay([outcome(1, 9, 1), outcome(2, 1, 2)], POLICY),
    { state: "closed", failures: { count: 1, of: 5 }, lastFailure: end(2), recent: { runs: 2, ok: 10, failed: 3 } },
  ],
  ["open until a person resets it", forced, { state: "open", since: null, opensAt: null, trips }],
  [
    "open and due: half-open, waiting for a run",
    OPEN,
    { state: "half-open", since: DUE, successes: { count: 0, of: 1 }, trips, lease: null },
  ],
  [
    "half-open: who carries the probe",
    halfOpen,
    { state: "half-open", since: DUE, successes: { count: 0, of: 1 }, trips, lease: halfOpen.lease },
  ],
])("%s", (_case, breaker, expected) => {
  expect(describeBreaker(breaker, POLICY, DUE)).toEqual(expected);
});

test("open: since when, and when it is tried again", () => {
  expect(describeBreaker(OPEN, POLICY, DUE - 1)).toEqual({ state: "open", since: end(5), opensAt: DUE, trips });
});
