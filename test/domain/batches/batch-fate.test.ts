import { expect, test } from "vitest";
import { fateOf, type Reversal } from "../../../src/domain/batches/batch-fate.ts";

const reversal = (number: number, pulls: number[], more: Partial<Reversal> = {}): Reversal => ({
  number,
  state: "merged",
  mergedAt: `2026-02-${String(number).padStart(2, "0")}T00:00:00Z`,
  record: { pulls, changed: 2, total: 2 },
  ...more,
});
const kind = (rollbacks: Reversal[], undos: Reversal[] = []) => fateOf(1, rollbacks, undos).kind;

test("a batch that nobody took back is in force; one of another pull request, or of nobody's record, does not count", () => {
  expect(kind([])).toBe("in-force");
  expect(kind([reversal(10, [2])])).toBe("in-force");
  expect(kind([reversal(10, [1], { record: null })])).toBe("in-force");
  expect(kind([reversal(10, [1], { state: "closed", mergedAt: null })])).toBe("in-force");
});

test("it is rolled back, wholly or partly, by the newest rollback, until that is undone", () => {
  expect(kind([reversal(10, [1])])).toBe("rolled-back");
  expect(fateOf(1, [reversal(10, [1], { record: { pulls: [1], changed: 1, total: 2 } })], [])).toMatchObject({
    isPartial: true,
  });
  expect(kind([reversal(10, [1])], [reversal(11, [10])])).toBe("restored");
  expect(kind([reversal(10, [1]), reversal(12, [1])], [reversal(11, [10])])).toBe("rolled-back");
  expect(kind([reversal(10, [1])], [reversal(11, [10], { state: "open", mergedAt: null })])).toBe("rolled-back");
});

test("an open rollback waits", () => {
  const open = reversal(10, [1], { state: "open", mergedAt: null });
  expect(kind([open])).toBe("waiting");
  expect(kind([open, reversal(8, [1])], [reversal(9, [8])])).toBe("waiting");
});
