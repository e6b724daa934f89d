import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { longestSequence, type Span } from "../../bench/sequence.ts";

const span = fc
  .tuple(fc.nat(20), fc.integer({ min: 1, max: 5 }))
  .map(([startedAt, length]): Span => ({ startedAt, endedAt: startedAt + length }));

test("calls at the same time count as one", () => {
  const [token, permission, settings, merge] = [
    { startedAt: 0, endedAt: 10 },
    { startedAt: 11, endedAt: 20 },
    { startedAt: 11, endedAt: 21 },
    { startedAt: 22, endedAt: 30 },
  ];
  expect(longestSequence([merge, settings, permission, token])).toEqual([token, permission, merge]);
});

test.prop([fc.array(span, { maxLength: 9 })])("no choice of calls in a row is longer", (spans) => {
  const sequence = longestSequence(spans);
  expect(isInARow(sequence)).toBe(true);
  expect(sequence.length).toBe(
    Math.max(
      ...choices(spans)
        .filter(isInARow)
        .map(({ length }) => length),
    ),
  );
});

function isInARow(spans: readonly Span[]): boolean {
  const sorted = spans.toSorted((one, other) => one.startedAt - other.startedAt);
  return sorted.every(({ startedAt }, index) => startedAt >= (sorted[index - 1]?.endedAt ?? 0));
}

function choices(spans: readonly Span[]): readonly (readonly Span[])[] {
  return Array.from({ length: 2 ** spans.length }, (_, bits) => spans.filter((_, index) => (bits >> index) % 2 === 1));
}
