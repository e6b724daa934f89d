import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type Evidence, hasSeen, markSeen, REMEMBERED_RUNS, type Seen } from "../../../src/domain/control/seen.ts";
import { MINUTE } from "../../../src/domain/instant.ts";
import { arbitraryInstant, arbitraryRun } from "./arbitrary-control.ts";

const NOTHING: Seen = { since: null, runs: [] };
const run = (id: number, attempt = 1) => ({ run: `${id}.${attempt}`, at: id * MINUTE });

/** What is remembered after more runs than there is room for, of which the ids up to 10 are forgotten. */
const full = Array.from({ length: REMEMBERED_RUNS + 10 }, (_, index) => run(index + 1)).reduce(markSeen, NOTHING);

test("a run attempt is new once, and its rerun is another", () => {
  const seen = markSeen(NOTHING, run(17352));
  expect(hasSeen(NOTHING, run(17352))).toBe(false);
  expect(hasSeen(seen, run(17352))).toBe(true);
  expect(hasSeen(seen, run(17352, 2))).toBe(false);
  expect(hasSeen(seen, run(9))).toBe(false);
});

test("runs are kept in the order of creation, counted as numbers", () => {
  const runs = [run(100), run(9, 10), run(9, 2)].reduce(markSeen, NOTHING).runs;
  expect(runs).toEqual(["9.2", "9.10", "100.1"]);
});

test("the oldest are forgotten and still count as seen", () => {
  expect(full.runs.length).toBe(REMEMBERED_RUNS);
  expect(full.runs[0]).toBe("11.1");
  expect(hasSeen(full, run(3))).toBe(true);
  expect(hasSeen(full, run(REMEMBERED_RUNS + 11))).toBe(false);
});

test("a rerun of a forgotten run counts, once", () => {
  const rerun = { run: "3.2", at: (REMEMBERED_RUNS + 50) * MINUTE };
  expect(hasSeen(full, rerun)).toBe(false);
  expect(hasSeen(markSeen(full, rerun), rerun)).toBe(true);
});

const arbitraryEvidence = fc.array(fc.record({ run: arbitraryRun, at: arbitraryInstant }), { minLength: 1 });

test.prop([
  arbitraryEvidence.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })),
  ),
])("doubled and reordered evidence is remembered the same", ([list, shuffled]) => {
  expect(shuffled.reduce(markSeen, full)).toEqual(list.reduce(markSeen, full));
});

test.prop([arbitraryEvidence])("whatever has been counted is seen", (list) => {
  const seen = list.reduce(markSeen, full);
  for (const evidence of list) expect(hasSeen(seen, evidence)).toBe(true);
});

/** What counting delivers: the ledger, and which of the deliveries were counted. */
function deliver(deliveries: readonly Evidence[], before: Seen): { readonly seen: Seen; readonly counted: string[] } {
  let seen = before;
  const counted: string[] = [];
  for (const evidence of deliveries) {
    if (hasSeen(seen, evidence)) continue;
    seen = markSeen(seen, evidence);
    counted.push(evidence.run);
  }
  return { seen, counted };
}

const LATE = 12;

/** More than are remembered, by as many as cannot come late. */
const history = Array.from({ length: REMEMBERED_RUNS + LATE }, (_, index) => run(index + 1, 1 + (index % 3)));

test.prop(
  [
    fc.uniqueArray(fc.integer({ min: LATE, max: history.length - 1 }), { maxLength: LATE }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 }),
  ],
  { numRuns: 20 },
)(
  "each attempt is counted once, however often it comes, if it comes after fewer newer ones than are remembered",
  (heldBack, repetitions) => {
    const inTime = history.filter((_, index) => !heldBack.includes(index));
    const deliveries = [...inTime, ...heldBack.flatMap((index) => history[index] ?? [])];
    for (const [place, index] of repetitions) {
      const position = place % deliveries.length;
      const again = deliveries[index % (position + 1)];
      if (again !== undefined) deliveries.splice(position + 1, 0, again);
    }
    const { seen, counted } = deliver(deliveries, NOTHING);
    expect(seen).toEqual(history.reduce(markSeen, NOTHING));
    expect(counted.toSorted()).toEqual(history.map((evidence) => evidence.run).toSorted());
  },
);

test("an attempt that comes after as many newer ones as are remembered counts if it ended after all of them", () => {
  const [first = run(1), ...others] = history;
  const after = deliver(others.slice(0, REMEMBERED_RUNS), NOTHING).seen;
  expect(hasSeen(after, first)).toBe(true);
  expect(hasSeen(after, { ...first, at: (after.since ?? 0) + MINUTE })).toBe(false);
});
