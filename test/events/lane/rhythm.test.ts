import { expect, test } from "vitest";
import { HOUR, SECOND } from "../../../src/domain/instant.ts";
import { afterDecision, nextDecision, type Rhythm, TEMPO } from "../../../src/events/lane/rhythm.ts";

/** The gaps between decisions that are made as soon as they may be. */
function gapsOfAFlood(decisions: number): readonly number[] {
  const gaps: number[] = [];
  let rhythm: Rhythm | undefined;
  for (let now = 0; gaps.length < decisions; now = nextDecision(rhythm)) {
    rhythm = afterDecision(rhythm, now, TEMPO);
    gaps.push(rhythm.gap / SECOND);
  }
  return gaps;
}

test("the first event is decided on at once", () => {
  expect(nextDecision(undefined)).toBe(0);
});

test("a flood is written down at last twice a minute", () => {
  expect(gapsOfAFlood(7)).toEqual([2, 4, 8, 16, 30, 30, 30]);
});

test("after a calm spell it is as at the beginning", () => {
  const busy: Rhythm = { decidedAt: 0, gap: 30 * SECOND };
  expect(afterDecision(busy, HOUR, TEMPO)).toEqual({ decidedAt: HOUR, gap: 2 * SECOND });
});
