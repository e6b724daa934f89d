import { expect, test } from "vitest";
import { holds } from "../../../bench/report.ts";
import { levels } from "../../../chaos/soak/level.ts";
import type { Sample } from "../../../chaos/soak/sample.ts";

const CALM: Sample = { at: 0, arrived: 0, residentMegabytes: 150, diskMegabytes: 4, waiting: 1, oldest: 2 };

/** Half an hour at 20 events a second; `change` says how a sample differs from a calm one. */
function samples(change: (minute: number) => Partial<Sample>): readonly Sample[] {
  return Array.from({ length: 30 }, (_, minute) => ({
    ...CALM,
    at: minute * 60,
    arrived: minute * 1200,
    ...change(minute),
  }));
}

function broken(change: (minute: number) => Partial<Sample>): readonly string[] {
  return levels(samples(change))
    .filter((measure) => !holds(measure))
    .map(({ what }) => what);
}

test("a process that stays as it is keeps its level", () => {
  expect(broken(() => ({}))).toEqual([]);
});

test("memory that grows by 4 MB a minute does not", () => {
  expect(broken((minute) => ({ residentMegabytes: 150 + 4 * minute }))).toEqual(["resident memory, last third"]);
});

test("a folder in which the ids of a week are remembered does, one in which the events stay does not", () => {
  expect(broken((minute) => ({ diskMegabytes: 4 + (minute * 1200 * 200) / 1e6 }))).toEqual([]);
  expect(broken((minute) => ({ diskMegabytes: 4 + (minute * 1200 * 5000) / 1e6 }))).toEqual([
    "folder of the inbox, last third",
  ]);
});

test("an event that waits for minutes is a backlog", () => {
  expect(broken((minute) => ({ oldest: minute === 20 ? 240 : 2 }))).toEqual(["oldest event that waited, seconds"]);
});
