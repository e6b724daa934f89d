import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { Timetable } from "../../../chaos/story/timetable.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const BASE = Date.parse("2026-03-10T12:34:56Z");

const steps = fc.array(fc.record({ hours: fc.integer({ min: 1, max: 4 }), minutes: fc.integer({ min: 0, max: 29 }) }), {
  maxLength: 14,
});

test.prop([steps])("runs end one after the other, within the three days that are looked back", (told) => {
  const timetable = new Timetable(BASE);
  const ends = told.map(({ hours, minutes }) => Date.parse(timetable.next(hours, minutes).completedAt));
  expect(ends).toEqual(ends.toSorted((one, other) => one - other));
  for (const end of ends) expect(BASE - end).toBeLessThan(72 * HOUR);
});

test.prop([steps, fc.integer({ min: 1, max: 24 })])(
  "no breaker is due while the story is played, however many whole hours after a run",
  (told, recovery) => {
    const timetable = new Timetable(BASE);
    for (const { hours, minutes } of told) {
      const due = Date.parse(timetable.next(hours, minutes).completedAt) + recovery * HOUR;
      expect(due < BASE - 14 * MINUTE || due > BASE + 14 * MINUTE).toBe(true);
    }
  },
);

test.prop([fc.integer({ min: 0, max: 14 * MINUTE }), fc.integer({ min: 0, max: 9_600 })])(
  "a moment of the play is one, and so is what follows from it by whole hours",
  (since, hours) => {
    expect(new Timetable(BASE).isOfThePlay(BASE + since + hours * HOUR)).toBe(true);
  },
);

test.prop([steps, fc.integer({ min: 0, max: 9_600 })])(
  "the end of a run is no moment of the play, and neither is what follows from it by whole hours",
  (told, hours) => {
    const timetable = new Timetable(BASE);
    for (const { hours: before, minutes } of told) {
      const end = Date.parse(timetable.next(before, minutes).completedAt);
      expect(timetable.isOfThePlay(end + hours * HOUR)).toBe(false);
    }
  },
);
