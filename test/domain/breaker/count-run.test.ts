import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { Outcome } from "../../../src/domain/breaker/breaker.ts";
import type { RunCharges } from "../../../src/domain/breaker/charge-run.ts";
import { admitRuns, countRun, countRuns } from "../../../src/domain/breaker/count-run.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile } from "../../../src/domain/control/control-file.ts";
import { type Ecosystem, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { charges, end, failure, OPEN, POLICY, success } from "./example.ts";

const NEW: Control = newControlFile().control;

function ecosystem(name: string): Ecosystem {
  const parsed = parseEcosystem(name, new Map());
  if (parsed === null) throw new Error(name);
  return parsed;
}

const npm = ecosystem("npm");
const run = (outcome: Outcome, name = npm): RunCharges => charges(new Map([[name, outcome]]));

test("a run is counted once: its ecosystems learn of it, and the ledger remembers it", () => {
  const outcomes = charges(
    new Map([
      [npm, failure(1)],
      [ecosystem("pypi"), success(1)],
    ]),
  );
  const once = countRun(NEW, outcomes, POLICY);
  expect(once.result.before).toBe(false);
  expect([...once.control.breakers].map(([name, { failures }]) => [name, failures])).toEqual([
    ["npm", 1],
    ["pypi", 0],
  ]);
  expect(once.control.seen).toEqual({ since: end(1), runs: ["1.1"] });
  const twice = countRun(once.control, outcomes, POLICY);
  expect(twice.control).toBe(once.control);
  expect(twice.result).toMatchObject({ before: true });
  expect(twice.result.transitions.get(npm)).toEqual({ kind: "none", breaker: once.control.breakers.get(npm) });
});

test("several runs are counted in the order in which they ended, and answered in the order in which they were given", () => {
  const runs = [4, 2, 3, 1].map((number) => run(failure(number)));
  const { control, result } = countRuns(NEW, runs, POLICY);
  expect(control.breakers.get(npm)).toMatchObject({ state: "open", failures: 4, lastFailure: end(4) });
  expect(result.map(({ transitions }) => transitions.get(npm)?.kind)).toEqual([
    "opened",
    "recorded",
    "recorded",
    "recorded",
  ]);
  expect(result.map(({ transitions }) => transitions.get(npm)?.breaker.failures)).toEqual([4, 2, 3, 1]);
});

test("runs that ended in the same second are counted by their numbers", () => {
  const at = end(1);
  const runs = [failure(10, { at }), success(9, { at })].map((outcome) => run(outcome));
  expect(countRuns(NEW, runs, POLICY).control.breakers.get(npm)).toMatchObject({ failures: 1 });
});

test("a run that is given twice counts once, and the second answer says so", () => {
  const twice = run(failure(1));
  expect(countRuns(NEW, [twice, twice], POLICY).result.map(({ before }) => before)).toEqual([false, true]);
});

test("a run that says nothing of any ecosystem changes nothing, among whichever others it comes", () => {
  const nothing = charges(new Map());
  const { control, result } = countRuns(NEW, [run(failure(2)), nothing, run(failure(1))], POLICY);
  expect(result[1]).toMatchObject({ before: false, transitions: new Map() });
  expect(control.breakers.get(npm)?.failures).toBe(2);
  expect(countRuns(NEW, [nothing], POLICY).control).toBe(NEW);
});

test.prop([fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7]), fc.integer({ min: 0, max: 7 })])(
  "it makes no difference in how many parts runs are counted that come in order",
  (numbers, cut) => {
    const runs = numbers.toSorted().map((number) => run(number % 3 === 0 ? success(number) : failure(number)));
    const parts = [runs.slice(0, cut), runs.slice(cut)];
    const inParts = parts.reduce((control, part) => countRuns(control, part, POLICY).control, NEW);
    expect(inParts).toEqual(countRuns(NEW, runs.toReversed(), POLICY).control);
  },
);

describe("the start of a run", () => {
  const due: Control = { ...NEW, breakers: new Map([["npm", OPEN]]) };
  const start = { run: "7.1", at: end(6) };
  const leased = admitRuns(due, [start], POLICY);

  test("gives it the lease of every breaker that is due, and nothing of the others", () => {
    expect(leased.breakers.get("npm")).toMatchObject({ state: "half-open", lease: { run: "7.1" } });
    const { breakers } = NEW;
    expect(admitRuns(NEW, [start], POLICY).breakers).toBe(breakers);
  });

  test("changes nothing once the run has been counted", () => {
    const over = countRun(due, run(success(7, { at: end(7), startedAt: end(6) })), POLICY).control;
    expect(admitRuns(over, [start], POLICY)).toBe(over);
  });

  test("is over when the run ends, also without a word on the ecosystem", () => {
    const elsewhere = countRun(leased, run(success(7), ecosystem("pypi")), POLICY).control;
    expect(elsewhere.breakers.get("npm")).toMatchObject({ state: "half-open", opensAt: end(6), lease: null });
    const nothing = charges(new Map(), { run: "7.1", at: end(7) });
    expect(countRun(leased, nothing, POLICY).control.breakers.get("npm")?.lease).toBeNull();
  });
});

describe("what was tried in a week", () => {
  test("is told when the next one begins, once", () => {
    const [first, second] = [1, 2].map((number) => run(failure(number)));
    if (first === undefined || second === undefined) throw new Error("no runs");
    const monday = { ...second, week: "2026-02-02" };
    const begun = countRun(NEW, { ...first, week: "2026-01-26" }, POLICY);
    expect(begun.result.ended).toBeNull();
    const ended = { week: "2026-01-26", tried: new Map([[npm, { ok: 0, failed: 1 }]]) };
    const next = countRun(begun.control, monday, POLICY);
    expect(next.result.ended).toEqual(ended);
    expect(countRun(next.control, { ...run(failure(3)), week: "2026-02-02" }, POLICY).result.ended).toBeNull();
    expect(countRun(next.control, monday, POLICY).result.ended).toBeNull();
  });
});
