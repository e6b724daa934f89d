import { expect, test } from "vitest";
import { holds, median, printReport } from "../../bench/report.ts";

test("a median is a value that was measured", () => {
  expect(median([30, 10, 20])).toBe(20);
  expect(median([40, 10, 30, 20])).toBe(20);
  expect(() => median([])).toThrow(RangeError);
});

test("a bound is kept when the median is at most as much, and what has none cannot break it", () => {
  const measure = { what: "time", unit: "ms", values: [90, 100, 400] } as const;
  expect(holds({ ...measure, most: 100 })).toBe(true);
  expect(holds({ ...measure, most: 99 })).toBe(false);
  expect(holds({ ...measure, most: null })).toBe(true);
});

test("a report says PASS or FAIL beside every bound", () => {
  const measures = [
    { what: "calls", unit: "", values: [12], most: 12 },
    { what: "time", unit: "ms", values: [1501, 1502, 1503], most: 1500 },
    { what: "reply", unit: "ms", values: [7], most: null },
  ] as const;
  expect(printReport({ title: "A stop", text: ["Explained."], measures })).toBe(`A stop

Explained.

       median   range               bound
calls  12       12 to 12            at most 12       PASS
time   1502 ms  1501 ms to 1503 ms  at most 1500 ms  FAIL
reply  7 ms     7 ms to 7 ms
`);
});
