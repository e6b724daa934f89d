import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { turnOf, type Verifiable } from "../../../src/domain/supply-chain/rotation.ts";

const recipes = fc.uniqueArray(
  fc.record({ path: fc.string({ minLength: 1 }), downloads: fc.integer({ min: 0, max: 5 }) }),
  { selector: ({ path }) => path },
);
const costOf = (all: readonly Verifiable[], paths: readonly string[]) =>
  all.filter(({ path }) => paths.includes(path)).reduce((sum, { downloads }) => sum + downloads, 0);

test.prop([recipes, fc.nat(), fc.integer({ min: 1, max: 10 })])(
  "a day never has more downloads than it may",
  (all, day, most) => {
    expect(costOf(all, turnOf(all, day, most))).toBeLessThanOrEqual(most);
  },
);

test.prop([recipes, fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 10 })])(
  "every recipe that fits has its turn, once in as many days as there are recipes at most",
  (all, start, most) => {
    const fitting = all.filter(({ downloads }) => downloads > 0 && downloads <= most);
    const days = Array.from({ length: Math.max(1, fitting.length) }, (_, day) => turnOf(all, start + day, most));
    expect(new Set(days.flat())).toEqual(new Set(fitting.map(({ path }) => path)));
  },
);

test("days follow each other in the order of the paths, and begin again", () => {
  const all = ["c", "a", "b"].map((path) => ({ path, downloads: 2 }));
  expect([0, 1, 2].map((day) => turnOf(all, day, 5))).toEqual([["a", "b"], ["c"], ["a", "b"]]);
  expect(turnOf([], 7, 5)).toEqual([]);
});
