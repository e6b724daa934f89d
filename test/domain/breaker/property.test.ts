import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  type Breaker,
  type BreakerPolicy,
  CLOSED,
  type Outcome,
  REMEMBERED_OUTCOMES,
} from "../../../src/domain/breaker/breaker.ts";
import { probeBreaker, resetBreaker, tripBreaker } from "../../../src/domain/breaker/manual.ts";
import { onAdmission } from "../../../src/domain/breaker/on-admission.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import { onTime } from "../../../src/domain/breaker/on-time.ts";
import { HOUR, type Instant, MINUTE } from "../../../src/domain/instant.ts";
import { arbitraryPolicy } from "./arbitrary-history.ts";
import { failure, NOON, replay, success } from "./example.ts";

/** Outcomes of few runs over a week, overlapping, in any order, some of them attempts of the same run. */
const outcomes: fc.Arbitrary<Outcome> = fc
  .record({
    run: fc.integer({ min: 1, max: 30 }),
    attempt: fc.integer({ min: 1, max: 3 }),
    minute: fc.integer({ min: 0, max: 7 * 24 * 60 }),
    took: fc.integer({ min: 0, max: 300 }),
    ok: fc.nat({ max: 25 }),
    failed: fc.nat({ max: 25 }),
  })
  .map(({ run, attempt, minute, took, ok, failed }) => {
    const at = NOON + minute * MINUTE;
    return { run: `${run}.${attempt}`, at, startedAt: at - took * MINUTE, ok, failed };
  });

/** What GitHub can tell: every attempt has one outcome, and a later attempt of a run is later. They come in any order. */
const histories: fc.Arbitrary<readonly Outcome[]> = fc
  .uniqueArray(outcomes, { maxLength: 60, selector: ({ run }) => run })
  .map((history) => {
    const byRun = Map.groupBy(history, ({ run }) => run.split(".")[0]);
    const times = [...byRun].map(
      ([run, attempts]) => [run, attempts.map(({ at }) => at).sort((a, b) => a - b)] as const,
    );
    const timesOf = new Map(times);
    const inOrder = history.toSorted((a, b) => (a.run < b.run ? -1 : 1));
    const at = new Map(inOrder.map(({ run }) => [run, timesOf.get(run.split(".")[0])?.shift() ?? NOON]));
    return history.map((outcome) => {
      const end = at.get(outcome.run) ?? outcome.at;
      return { ...outcome, at: end, startedAt: end - (outcome.at - outcome.startedAt) };
    });
  });

type Event =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "admission" | "time" | "trip" | "reset" | "probe"; readonly run: string; readonly at: Instant };

const events: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: outcomes.map((outcome) => ({ kind: "outcome", outcome }) as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("admission", "admission", "time", "trip", "reset", "probe"),
      run: fc.integer({ min: 31, max: 40 }).map((run) => `${run}.1`),
      at: fc.integer({ min: 0, max: 7 * 24 * 60 }).map((minute) => NOON + minute * MINUTE),
    }),
  },
);

function apply(breaker: Breaker, event: Event, policy: BreakerPolicy): Breaker {
  switch (event.kind) {
    case "outcome":
      return onOutcome(breaker, event.outcome, policy).breaker;
    case "admission":
      return onAdmission(breaker, event, policy).breaker;
    case "time":
      return onTime(breaker, policy, event.at).breaker;
    case "trip":
      return tripBreaker(breaker, event.at).breaker;
    case "reset":
      return resetBreaker(breaker, event.at).breaker;
    case "probe":
      return probeBreaker(breaker, event.at).breaker;
  }
}

function expectValid(breaker: Breaker): void {
  const { state, failures, lastFailure, opensAt, window, trips, probe } = breaker;
  expect(Number.isSafeInteger(failures) && failures >= 0).toBe(true);
  expect(Number.isSafeInteger(trips) && trips >= 0).toBe(true);
  expect(window.length).toBeLessThanOrEqual(REMEMBERED_OUTCOMES);
  expect(window.map(({ at }) => at)).toEqual(window.map(({ at }) => at).sort((a, b) => a - b));
  expect(new Set(window.map(({ run }) => run.split(".")[0])).size).toBe(window.length);
  expect(probe !== null).toBe(state === "half-open");
  if (state === "closed") expect(opensAt).toBeNull();
  // Whom a person opened may never have failed.
  if (state === "open" && opensAt !== null && lastFailure !== null) expect(opensAt).toBeGreaterThanOrEqual(lastFailure);
}

test.prop([arbitraryPolicy, histories])("no history of outcomes gives an invalid breaker", (policy, history) => {
  let breaker = CLOSED;
  for (const next of history) {
    const { state } = breaker;
    const transition = onOutcome(breaker, next, policy);
    expectValid(transition.breaker);
    if (transition.kind === "none") expect(transition.breaker).toBe(breaker);
    if (transition.kind === "opened") expect(state).toBe("closed");
    if (transition.kind === "opened" || transition.kind === "reopened") {
      const { opensAt, lastFailure } = transition.breaker;
      expect(opensAt).toBeLessThanOrEqual((lastFailure ?? Number.NaN) + policy.maxRecovery);
    }
    breaker = transition.breaker;
  }
});

test.prop([arbitraryPolicy, fc.array(outcomes, { maxLength: 60 })])(
  "doubled outcomes change nothing",
  (policy, history) => {
    expect(
      replay(
        history.flatMap((next) => [next, next]),
        policy,
      ),
    ).toEqual(replay(history, policy));
  },
);

test.prop([arbitraryPolicy, fc.array(events, { maxLength: 60 })])(
  "no run is admitted while another holds a live lease",
  (policy, history) => {
    const inOrder = history.toSorted((a, b) => timeOf(a) - timeOf(b));
    let breaker = CLOSED;
    for (const event of inOrder) {
      const held = breaker.lease;
      const next = apply(breaker, event, policy);
      expectValid(next);
      if (held && held.until > timeOf(event) && event.kind === "admission") expect(next.lease).toEqual(held);
      breaker = next;
    }
  },
);

function timeOf(event: Event): Instant {
  return event.kind === "outcome" ? event.outcome.at : event.at;
}

test.prop([arbitraryPolicy, fc.integer({ min: 1, max: 20 })])(
  "as many successes as the policy asks for close a breaker that is due",
  (base, trips) => {
    const policy = { ...base, consecutive: 1, failureRate: 0.5 };
    const open = replay([failure(1)], policy, { ...CLOSED, trips });
    const due = open.opensAt ?? Number.NaN;
    const probes = Array.from({ length: policy.probes }, (_, index) =>
      success(index + 2, { startedAt: due + index * HOUR, at: due + index * HOUR + MINUTE }),
    );
    expect(replay(probes.slice(0, -1), policy, open).state).not.toBe("closed");
    expect(replay(probes, policy, open)).toMatchObject({ state: "closed", failures: 0, opensAt: null });
  },
);
