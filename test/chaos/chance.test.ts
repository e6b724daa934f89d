import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { chance, choose, shuffled } from "../../chaos/chance.ts";

const names = fc.array(fc.oneof(fc.string(), fc.integer()));

test.prop([fc.integer(), names])("a number belongs to its seed and name, whatever was drawn before", (seed, name) => {
  const first = chance(seed, ...name);
  chance(seed, "something else");
  expect(chance(seed, ...name)).toBe(first);
  expect(first).toBeGreaterThanOrEqual(0);
  expect(first).toBeLessThan(1);
});

test("another seed or another name gives another number", () => {
  const numbers = [chance(1, "call", 1), chance(2, "call", 1), chance(1, "call", 2), chance(1, "call", "1")];
  expect(new Set(numbers).size).toBe(4);
});

test("what weighs nothing is never chosen, and the rest as often as it weighs", () => {
  const options = [
    { weight: 0, value: "never" },
    { weight: 1, value: "seldom" },
    { weight: 3, value: "often" },
  ];
  const chosen = Array.from({ length: 4000 }, (_, nth) => choose(options, chance(7, nth)));
  expect(chosen).not.toContain("never");
  expect(chosen.filter((value) => value === "often").length / 1000).toBeCloseTo(3, 0);
});

test.prop([fc.array(fc.integer()), fc.integer()])("shuffled, nothing is lost or doubled", (items, seed) => {
  expect(shuffled(items, seed).toSorted()).toEqual(items.toSorted());
});
