import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  hasCounted,
  markCounted,
  parseJobs,
  printJobs,
  REMEMBERED_JOBS,
} from "../../../src/domain/budget/job-ledger.ts";

const ids = fc.array(fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 90_000_000_000 })), {
  minLength: 1,
});
const full = markCounted(
  [],
  Array.from({ length: REMEMBERED_JOBS }, (_, index) => 1000 + index),
);

test("a text has the first id and the distances of the next ones", () => {
  expect(printJobs([48_211_200_345, 48_211_200_346, 48_211_201_259])).toEqual(["48211200345 1 pd"]);
  expect(printJobs(full)).toHaveLength(REMEMBERED_JOBS / 36);
});

test("ids that somebody wrote one by one are read, too", () => {
  expect(parseJobs(["402", "401"])).toEqual([401, 402]);
});

test.each([["48x"], ["1  2"], ["-1"], ["1e3"], ["9999999999999999"], [""], ["1 Z"]])(
  "%j is no list of jobs",
  (text) => {
    expect(parseJobs([text])).toBe(null);
  },
);

test.prop([ids])("what is printed is read again", (list) => {
  const ledger = markCounted([], list);
  expect(parseJobs(printJobs(ledger))).toEqual(ledger);
});

test.prop([ids])("what was counted is known as counted, whatever else is", (list) => {
  const ledger = markCounted(full, list);
  for (const id of list) expect(hasCounted(ledger, id)).toBe(true);
});

test.prop([ids, fc.integer({ min: 2, max: 5 })])(
  "the ledger never outgrows its bound, and the order and the number of times make no difference",
  (list, times) => {
    const repeated = Array.from({ length: times }, () => list.toReversed()).flat();
    const oneByOne = repeated.reduce((ledger, id) => markCounted(ledger, [id]), full);
    expect(oneByOne.length).toBeLessThanOrEqual(REMEMBERED_JOBS);
    expect(oneByOne).toEqual(markCounted(full, list));
  },
);

test("a job older than a full ledger is taken as counted, a newer one is not", () => {
  expect(hasCounted(full, 999)).toBe(true);
  expect(hasCounted(full, 1000 + REMEMBERED_JOBS)).toBe(false);
  expect(hasCounted(full.slice(1), 999)).toBe(false);
});
