import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { type Breaker, type BreakerPolicy, CLOSED, type Outcome } from "../../../src/domain/breaker/breaker.ts";
import type { RunCharges } from "../../../src/domain/breaker/charge-run.ts";
import { standingOf } from "../../../src/domain/breaker/checkpoint.ts";
import { admitRuns, countRun, countRuns } from "../../../src/domain/breaker/count-run.ts";
import { flipDue } from "../../../src/domain/breaker/flip-due.ts";
import { probeBreaker, resetBreaker, tripBreaker } from "../../../src/domain/breaker/manual.ts";
import { onAdmission } from "../../../src/domain/breaker/on-admission.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { type Ecosystem, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { DAY, HOUR, type Instant, MINUTE, printInstant, SECOND } from "../../../src/domain/instant.ts";
import { arbitraryHistory, arbitraryPolicy } from "./arbitrary-history.ts";
import { charges, end, failure, NOON, POLICY, replay, success } from "./example.ts";

const NAMES = ["npm", "homebrew", "crates.io"]
  .map((name) => parseEcosystem(name, new Map()))
  .filter((name) => name !== null);
const LATER = NOON + 400 * DAY;

/** What one run did: the first of its outcomes to npm, the second to homebrew, the third to crates.io. */
function ofRun(outcomes: readonly Outcome[]): RunCharges {
  return charges(
    new Map(outcomes.flatMap((outcome, index) => (NAMES[index] ? [[NAMES[index], outcome] as const] : []))),
  );
}

/** The text of a file after each decision, written and read again in between. */
function written(decisions: readonly ((control: Control) => Control)[]): string {
  return decisions.reduce((text, decide) => {
    const file = readSoundFile(text);
    return writeControlFile(file, decide(file.control));
  }, newControlFile().text);
}

const count = (run: readonly Outcome[], policy: BreakerPolicy) => (control: Control) =>
  countRun(control, ofRun(run), policy).control;
const start = (run: readonly Outcome[], policy: BreakerPolicy) => (control: Control) =>
  admitRuns(control, [{ run: run[0]?.run ?? "", at: Math.min(...run.map(({ startedAt }) => startedAt)) }], policy);
const look = (at: Instant, policy: BreakerPolicy) => (control: Control) => flipDue(control, policy, at).control;

/** Timers that look, runs that are delivered once more, starts of runs: each at some place between the arrivals. */
const disturbances = fc.array(
  fc.record({
    place: fc.nat({ max: 30 }),
    disturbance: fc.oneof(
      fc.nat({ max: 30 * 24 * 60 }).map((minutes) => ({ kind: "timer" as const, at: NOON + minutes * MINUTE })),
      fc.nat({ max: 30 }).map((index) => ({ kind: "again" as const, index })),
      fc.nat({ max: 30 }).map((index) => ({ kind: "start" as const, index })),
    ),
  }),
  { maxLength: 12 },
);

describe("the same history gives the same file", () => {
  test.prop([arbitraryPolicy, arbitraryHistory, disturbances])(
    "in whatever order it arrives, doubled, whichever starts are heard of, and however often a timer looks in between",
    (policy, { runs, arrivals }, between) => {
      const expected = written([...runs.map((run) => count(run, policy)), look(LATER, policy)]);
      const disturbed = arrivals.flatMap((run, place) => [
        count(run, policy),
        ...between
          .filter((other) => other.place === place)
          .map(({ disturbance }) => {
            if (disturbance.kind === "timer") return look(disturbance.at, policy);
            if (disturbance.kind === "start") return start(runs[disturbance.index % runs.length] ?? run, policy);
            return count(arrivals[disturbance.index % (place + 1)] ?? run, policy);
          }),
      ]);
      expect(written([...disturbed, look(LATER, policy)])).toBe(expected);
    },
  );

  test.prop([arbitraryPolicy, arbitraryHistory, fc.integer({ min: 1, max: 9 })])(
    "one run at a time or many at once, in memory or through the file",
    (policy, { runs, arrivals }, size) => {
      const parts = Array.from({ length: Math.ceil(arrivals.length / size) }, (_, index) =>
        arrivals.slice(index * size, (index + 1) * size).map(ofRun),
      );
      const decisions = parts.map((part) => (control: Control) => countRuns(control, part, policy).control);
      const inOrder = runs.map((run) => count(run, policy));
      const remembered = inOrder.reduce((control, decide) => decide(control), newControlFile().control);
      expect(written(decisions)).toBe(written(inOrder));
      expect(readSoundFile(written(inOrder)).control).toEqual(remembered);
    },
  );

  test.prop([fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 5 })])(
    "a trip in reverse is the trip in order",
    (numbers) => {
      const inOrder = replay(
        [1, 2, 3, 4, 5].map((run) => failure(run)),
        POLICY,
      );
      expect(
        replay(
          numbers.map((run) => failure(run)),
          POLICY,
        ),
      ).toEqual(inOrder);
      expect(inOrder).toMatchObject({ state: "open", failures: 4, lastFailure: end(4), opensAt: end(5), trips: 1 });
    },
  );
});

/** What somebody decides who is not an outcome: through a command, or with an editor. */
const interventions: Readonly<Record<string, (breaker: Breaker, now: Instant, policy: BreakerPolicy) => Breaker>> = {
  trip: (breaker, now) => tripBreaker(breaker, now).breaker,
  reset: (breaker, now) => resetBreaker(breaker, now).breaker,
  probe: (breaker, now) => probeBreaker(breaker, now).breaker,
};

const hands: Readonly<Record<string, Partial<Breaker>>> = {
  "a reset": { state: "closed", failures: 0, opensAt: null, probe: null },
  "a trip": { state: "open", failures: 77, opensAt: null, probe: null },
  "another date": { state: "open", failures: 77, opensAt: LATER, probe: null },
  "another count": { failures: 77 },
};

describe("what somebody decided stays decided", () => {
  test.prop([arbitraryPolicy, arbitraryHistory, fc.constantFrom(...Object.keys(interventions)), fc.nat({ max: 30 })])(
    "a late outcome from before an operator's command does not undo it",
    (policy, { runs, arrivals }, name, place) => {
      const ofNpm = arrivals.flatMap(([outcome]) => (outcome ? [outcome] : []));
      const before = replay(ofNpm.slice(0, place), policy);
      const now = runs.at(-1)?.[0]?.at ?? NOON;
      const decided = interventions[name]?.(before, now, policy) ?? before;
      if (decided === before) return;
      for (const late of ofNpm) expect(onOutcome(decided, late, policy)).toEqual({ kind: "none", breaker: decided });
    },
  );

  test.prop([arbitraryPolicy, arbitraryHistory, fc.constantFrom(...Object.keys(hands)), fc.nat({ max: 30 })])(
    "a late outcome from before a hand edit does not undo it",
    (policy, { arrivals }, name, place) => {
      const ofNpm = arrivals.flatMap(([outcome]) => (outcome ? [outcome] : []));
      const before = replay(ofNpm.slice(0, place), policy);
      const edited: Breaker = { ...before, ...hands[name] };
      const newest = before.window.at(-1)?.at;
      if (newest === undefined || JSON.stringify(standingOf(edited)) === JSON.stringify(standingOf(before))) return;
      for (const late of ofNpm.filter(({ at }) => at < newest)) {
        expect(onOutcome(edited, late, policy)).toEqual({ kind: "none", breaker: edited });
      }
    },
  );

  test.prop([arbitraryPolicy, arbitraryPolicy, arbitraryHistory, fc.nat({ max: 30 })])(
    "another policy changes what comes, not what was",
    (policy, next, { arrivals }, place) => {
      const ofNpm = arrivals.flatMap(([outcome]) => (outcome ? [outcome] : []));
      const before = replay(ofNpm.slice(0, place), policy);
      const after = before.window.at(-1)?.at ?? NOON;
      // A success while closed, and any run that began before an open breaker was due, decide nothing.
      const quiet = success(99, { startedAt: after, at: after + SECOND });
      const { breaker } = onOutcome(before, quiet, { ...next, maxRecovery: Number.MAX_SAFE_INTEGER });
      if (before.state === "closed") expect(breaker).toMatchObject({ state: "closed", trips: before.trips });
      else if (before.opensAt !== null && after < before.opensAt) {
        expect(standingOf(breaker)).toEqual(standingOf(before));
      }
    },
  );

  test("a stricter rule does not judge what is known already", () => {
    const known = replay([failure(1), failure(3), failure(4)], POLICY);
    const strict = { ...POLICY, consecutive: 2 };
    expect(onOutcome(known, failure(2), strict)).toEqual({ kind: "none", breaker: known });
    expect(onOutcome(known, failure(5), strict)).toMatchObject({ kind: "opened", breaker: { lastFailure: end(5) } });
  });
});

describe("a late outcome", () => {
  const open = replay([failure(1), failure(2), failure(4)], { ...POLICY, consecutive: 3, minCalls: 9 });
  const policy = { ...POLICY, consecutive: 3, minCalls: 9 };

  test("closes a breaker that should never have opened", () => {
    expect(open.state).toBe("open");
    expect(onOutcome(open, success(3), policy)).toMatchObject({
      kind: "closed",
      breaker: { state: "closed", failures: 1, opensAt: null, trips: 0 },
    });
  });

  test("moves the time of an opening without opening again", () => {
    expect(onOutcome(open, failure(3), policy)).toMatchObject({
      kind: "recorded",
      breaker: { state: "open", failures: 3, lastFailure: end(3), opensAt: end(4), trips: 1 },
    });
  });

  test("is told as a failed probe when it was one", () => {
    const closed = onOutcome(open, success(9, { startedAt: end(8) }), policy).breaker;
    expect(onOutcome(closed, failure(7), policy)).toMatchObject({
      kind: "reopened",
      breaker: { state: "open", trips: 2, opensAt: end(9) },
    });
  });

  test("answers as a probe, although the timer had given its run up", () => {
    const due = end(5);
    const leased = onAdmission(open, { run: "8.1", at: due }, policy).breaker;
    const probe = success(8, { startedAt: due, at: due + HOUR });
    const expired = readSoundFile(
      written([(control) => ({ ...control, breakers: new Map([["npm", leased]]) }), look(due + 20 * HOUR, policy)]),
    ).control.breakers.get("npm");
    expect(expired).toMatchObject({ state: "half-open", opensAt: due + 7 * HOUR, lease: leased.lease });
    expect(onOutcome(expired ?? CLOSED, probe, policy)).toEqual(onOutcome(leased, probe, policy));
    expect(onOutcome(leased, probe, policy).kind).toBe("closed");
  });
});

test("what an earlier version wrote is settled, and counts for what comes", () => {
  const known = [1, 2, 3].map((run) => failure(run));
  const entry = { state: "closed", failures: 3, last_failure: printInstant(end(3)) };
  const window = known.map(({ run, at, ok, failed }) => ({ run, at: printInstant(at), ok, failed }));
  const text = JSON.stringify({
    circuit_breaker: { npm: entry },
    batchkeeper: { breakers: { npm: { window, trips: 0, probe: null } } },
  });
  const breaker = readSoundFile(text).control.breakers.get("npm") ?? CLOSED;
  for (const late of [...known, failure(9, { at: end(2) - MINUTE })]) {
    expect(onOutcome(breaker, late, POLICY)).toEqual({ kind: "none", breaker });
  }
  const { breaker: open, ...what } = onOutcome(breaker, failure(4), POLICY);
  expect(what).toEqual({ kind: "opened", cause: "rate" });
  expect(open).toMatchObject({ state: "open", failures: 4, opensAt: end(5), trips: 1 });
});

test("which ecosystem is heard of first makes no difference to its place in the file", () => {
  const text = (names: readonly Ecosystem[]) =>
    written(
      names.map(
        (name, index) => (control) => countRun(control, charges(new Map([[name, failure(index)]])), POLICY).control,
      ),
    );
  const places = (names: readonly Ecosystem[]) => Object.keys(JSON.parse(text(names)).circuit_breaker);
  expect(places(NAMES)).toEqual(["crates.io", "homebrew", "npm"]);
  expect(places(NAMES.toReversed())).toEqual(places(NAMES));
});
