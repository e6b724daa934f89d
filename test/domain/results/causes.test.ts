import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { Category } from "../../../src/domain/results/category.ts";
import { categoryOf } from "../../../src/domain/results/category.ts";
import {
  addRun,
  type Causes,
  frequentCategories,
  NO_CAUSES,
  poisonedProbe,
  printCauses,
  readCauses,
  worstPackages,
} from "../../../src/domain/results/causes.ts";

/** Runs, each with the packages that failed in it. */
function causesOf(...runs: readonly (readonly string[])[]): Causes {
  return runs.reduce(
    (causes, packages, index) =>
      addRun(
        causes,
        `${index}.1`,
        packages.map((name) => ({ category: "validation", package: name })),
      ),
    NO_CAUSES,
  );
}

test.each<[string, Category]>([
  ["network_error", "network"],
  ["validation_failed", "validation"],
  ["missing_dep", "missing dependency"],
  ["recipe_not_found", "missing dependency"],
  ["timeout", "timeout"],
  ["generation_failed", "generation"],
  ["deterministic_insufficient", "generation"],
  ["install_failed", "installation"],
  ["Network Error", "network"],
  ["__proto__", "other"],
])("the pipeline's word %s is %s", (word, category) => expect(categoryOf(word)).toBe(category));

describe("a poisoned probe", () => {
  test.each<[string, Causes, ReturnType<typeof poisonedProbe>]>([
    ["needs three in a row", causesOf(["a"], ["a"]), null],
    ["is the one that always fails", causesOf(["a"], ["a"], ["a"]), { name: "a", streak: 3 }],
    ["is none that worked in between", causesOf(["a"], ["a"], ["b"], ["a"]), null],
    ["is not one of several that fail together", causesOf(["a", "b"], ["a", "b"], ["a", "b"]), null],
    ["stands out among others", causesOf(["a", "b"], ["a"], ["a", "c"], ["a"]), { name: "a", streak: 4 }],
    ["is most of what failed", causesOf(["b"], ["b"], ["b"], ["b"], ["a"], ["a"], ["a"]), null],
  ])("%s", (_case, causes, expected) => expect(poisonedProbe(causes)).toEqual(expected));
});

test("a run is in the sums once", () => {
  const once = causesOf(["a", "b"]);
  expect(addRun(once, "0.1", [{ category: "network", package: "c" }])).toBe(once);
  expect(frequentCategories(once)).toEqual([["validation", 2]]);
});

test("the packages that fail most come first, and only so many are remembered", () => {
  const many = causesOf(...Array.from({ length: 100 }, (_, run) => [`p${run}`, "worst"]));
  expect(worstPackages(many, 1)).toEqual([["worst", { runs: 100, streak: 100 }]]);
  expect(many.packages.size).toBe(50);
  expect(printCauses(many).length).toBeLessThan(5000);
});

const failures = fc.array(
  fc.record({
    category: fc.constantFrom<Category>("network", "other"),
    package: fc.option(fc.string({ unit: "binary" })),
  }),
);

test.prop([fc.array(failures, { maxLength: 30 })])("what is printed is read back, and cannot end a comment", (runs) => {
  const causes = runs.reduce((sum, failed, index) => addRun(sum, `${index}.1`, failed), NO_CAUSES);
  const text = printCauses(causes);
  expect(readCauses(text)).toEqual(causes);
  expect(text).not.toMatch(/[<>&\n]|--/);
});

test.prop([fc.oneof(fc.string(), fc.json())])("what somebody has changed is forgotten, and no text throws", (text) => {
  const causes = readCauses(text);
  if (!text.startsWith("{")) expect(causes).toEqual(NO_CAUSES);
});
