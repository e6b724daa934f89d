import { describe, expect, test } from "vitest";
import { type Breaker, CLOSED, type Outcome, REMEMBERED_OUTCOMES } from "../../../src/domain/breaker/breaker.ts";
import { footingOf } from "../../../src/domain/breaker/checkpoint.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import { HOUR, MINUTE } from "../../../src/domain/instant.ts";
import { end, failure, NOON, OPEN, POLICY, replay, success } from "./example.ts";

// The pipeline runs `update_breaker.sh` in its last job, about a minute before the run ends and we hear of it.
const LAST_STEP = MINUTE;
const CALM_POLICY = { ...POLICY, minCalls: 100 };

/** What the script makes of the entry when the run fails: it knows nothing of the window. */
function scriptFails(breaker: Breaker, { at }: Outcome): Breaker {
  const lastFailure = at - LAST_STEP;
  const failures = breaker.failures + 1;
  return failures >= 5
    ? { ...breaker, state: "open", failures, lastFailure, opensAt: lastFailure + HOUR, probe: null }
    : { ...breaker, failures, lastFailure };
}

/** The script's success: closed, from any state, with the old dates. */
function scriptSucceeds(breaker: Breaker): Breaker {
  return { ...breaker, state: "closed", failures: 0, probe: null };
}

describe("a failure that the script has counted", () => {
  test("is recorded and not counted again", () => {
    const runs = [failure(1), failure(2), failure(3)];
    const breaker = runs.reduce((before, run) => onOutcome(scriptFails(before, run), run, CALM_POLICY).breaker, CLOSED);
    expect(breaker).toMatchObject({ state: "closed", failures: 3, lastFailure: end(3) });
    expect(breaker.window).toHaveLength(3);
  });

  test("still breaks our rules: the rate opens the breaker", () => {
    const before = replay([failure(1), failure(2), failure(3)], POLICY);
    expect(onOutcome(scriptFails(before, failure(4)), failure(4), POLICY)).toMatchObject({
      kind: "opened",
      cause: "rate",
      breaker: { failures: 4, trips: 1 },
    });
  });

  test("while we were away is not counted again, in whatever order we hear of it", () => {
    const runs = [failure(1), failure(2), failure(3)];
    const counted = runs.reduce(scriptFails, CLOSED);
    expect(replay(runs, CALM_POLICY, counted).failures).toBe(3);
    expect(replay(runs.toReversed(), CALM_POLICY, counted).failures).toBe(3);
  });

  test("is followed by one that the script did not count, and that one is new", () => {
    const counted = [failure(1), failure(2)].reduce(scriptFails, CLOSED);
    expect(replay([failure(1), failure(2), failure(3)], CALM_POLICY, counted).failures).toBe(3);
  });

  test("outweighs green jobs: the script has seen that no recipe succeeded", () => {
    const run = success(1);
    const { breaker } = onOutcome(scriptFails(CLOSED, run), run, POLICY);
    expect(breaker).toMatchObject({ failures: 1, lastFailure: run.at, window: [{ ok: 0, failed: 1 }] });
  });
});

describe("a breaker that the script opened", () => {
  test("from closed: the run opened it, and it is our first trip", () => {
    const before = replay(
      [1, 2, 3, 4].map((run) => failure(run)),
      CALM_POLICY,
    );
    expect(onOutcome(scriptFails(before, failure(5)), failure(5), CALM_POLICY)).toMatchObject({
      kind: "opened",
      cause: "pipeline",
      breaker: { state: "open", failures: 5, lastFailure: end(5), opensAt: end(6), trips: 1 },
    });
  });

  test("after a failed probe: the run opened it again, and the recovery time doubles, which the script does not do", () => {
    const probe = failure(7);
    expect(onOutcome(scriptFails(OPEN, probe), probe, POLICY)).toMatchObject({
      kind: "reopened",
      breaker: { state: "open", failures: 6, lastFailure: probe.at, opensAt: probe.at + 2 * HOUR, trips: 2 },
    });
  });

  test("the same event again changes nothing", () => {
    const once = onOutcome(scriptFails(OPEN, failure(7)), failure(7), POLICY).breaker;
    expect(onOutcome(once, failure(7), POLICY).kind).toBe("none");
  });
});

describe("a breaker that the script closed", () => {
  test("is closed, and the failures before it are rated no more", () => {
    const { kind, breaker } = onOutcome(scriptSucceeds(OPEN), success(7), POLICY);
    expect(kind).toBe("closed");
    expect(breaker).toMatchObject({ state: "closed", failures: 0, opensAt: null, trips: 1 });
    expect(footingOf(breaker, POLICY).checkpoint.rated).toEqual([]);
  });

  test("does not open at the first failure after", () => {
    expect(onOutcome(scriptSucceeds(OPEN), failure(7), POLICY).breaker).toMatchObject({ state: "closed", failures: 1 });
  });

  test("knows the runs from before: the same event again changes nothing", () => {
    expect(onOutcome(scriptSucceeds(OPEN), failure(5), POLICY).kind).toBe("none");
  });
});

test.each([
  ["within the run", 1, NOON - 5 * MINUTE, 0],
  ["at its start", 1, NOON - 10 * MINUTE, 0],
  ["two minutes after its end, by the runner's clock", 1, NOON + 2 * MINUTE, 0],
  ["later", 1, NOON + 2 * MINUTE + 1, 1],
  ["before it", 1, NOON - 10 * MINUTE - 1, 1],
  ["within it, but a success came after", 0, NOON - 5 * MINUTE, 1],
  ["unknown", 1, null, 1],
])("the script failed a run when the last failure is its own: %s", (_case, failures, lastFailure, ok) => {
  const { breaker } = onOutcome({ ...CLOSED, failures, lastFailure }, success(0), POLICY);
  expect(breaker.window).toMatchObject([{ ok }]);
});

test("a last failure that is our own outcome is not the script's", () => {
  const overlapping = success(7, { startedAt: NOON - MINUTE, at: NOON + MINUTE });
  expect(replay([failure(0), overlapping], POLICY)).toMatchObject({ failures: 0, window: [{ ok: 0 }, { ok: 1 }] });
});

describe("a failure that the script has counted explains one run, and only one:", () => {
  test("not a run that was under way at the last failure that we counted, whatever somebody writes since", () => {
    const evidence = Array.from({ length: REMEMBERED_OUTCOMES }, (_, index) =>
      success(10 + index, { startedAt: end(5), at: end(5) + (index + 1) * MINUTE }),
    );
    const edited: Breaker = { ...replay(evidence, CALM_POLICY, OPEN), failures: 2 };
    const long = success(99, { startedAt: end(4), at: end(6) });
    expect(onOutcome(edited, long, CALM_POLICY).breaker.window.at(-1)).toEqual(long);
  });

  test("not a run that was still under way when another had succeeded", () => {
    const counted = scriptFails(CLOSED, failure(1));
    const long = success(99, { startedAt: NOON, at: end(3) });
    expect(replay([success(2), long], POLICY, counted)).toMatchObject({ failures: 0, window: [{ ok: 1 }, { ok: 1 }] });
  });
});
