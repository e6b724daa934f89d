import { fc, test } from "@fast-check/vitest";
import { test as example, expect } from "vitest";
import { firstDifference, printDifference } from "../../../chaos/ending/difference.ts";

test.prop([fc.jsonValue()])("a value does not differ from its copy", (value) => {
  expect(firstDifference(value, structuredClone(value))).toBeNull();
});

test("the first difference is told by where it is and both sides of it", () => {
  const expected = { a: 1, control: { holds: [{ scope: "npm" }, { scope: "pypi" }] } };
  const found = { a: 1, control: { holds: [{ scope: "npm" }, { scope: "nix" }] } };
  const difference = firstDifference(expected, found);
  expect(difference).toEqual({ path: ["control", "holds", "1", "scope"], expected: "pypi", found: "nix" });
  expect(difference && printDifference(difference)).toBe(
    'control → holds → 1 → scope\n  undisturbed: "pypi"\n  disturbed:   "nix"',
  );
});

example.for([
  ["something missing", { a: 1, b: 2 }, { a: 1 }],
  ["something too much", { a: 1 }, { a: 1, b: 2 }],
  ["a list that is longer", [1], [1, 2]],
  ["a list that is an object", ["a"], { 0: "a" }],
  ["null", { a: null }, { a: {} }],
] as const)("%s is a difference", ([, expected, found]) => {
  expect(firstDifference(expected, found)).not.toBeNull();
});
