import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { INFRASTRUCTURE, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { causesIn, causesSection, replaceCauses } from "../../../src/domain/incidents/causes-section.ts";
import type { Category } from "../../../src/domain/results/category.ts";
import { addRun, NO_CAUSES } from "../../../src/domain/results/causes.ts";

const homebrew = parseEcosystem("homebrew", new Map()) ?? INFRASTRUCTURE;

function causesOf(...categories: readonly Category[]) {
  const failures = categories.map((category, index) => ({ category, package: `p${index}` }));
  return addRun(NO_CAUSES, "17352.1", failures);
}

test("failures are grouped by category, with the packages that fail most", () => {
  const text = causesSection(homebrew, causesOf("validation", "validation", "timeout"));
  expect(text).toContain("validation 67 % (2), timeout 33 % (1)");
  expect(text).toContain("`homebrew:p0` in 1 of 1");
  expect(text).toContain("Validation errors dominate: look at recent changes of the CI.");
});

test.each([
  [NO_CAUSES, "Nothing is known yet."],
  [addRun(NO_CAUSES, "1.1", []), "The results of 1 run that failed name no causes."],
])("what is not known is said", (causes, text) => expect(causesSection(homebrew, causes)).toContain(text));

test("the section is written anew in its place, and what people wrote around it stays", () => {
  const body = `before\n\n${causesSection(homebrew, causesOf("timeout"))}\n\nafter`;
  const next = addRun(causesIn(body, homebrew), "17353.1", [{ category: "network", package: "x$&y" }]);
  const rewritten = replaceCauses(body, homebrew, next);
  expect(rewritten).toMatch(/^before\n\n<!--[\s\S]*-->\n\nafter$/);
  expect(causesIn(rewritten, homebrew).failing).toBe(2);
  expect(rewritten).toContain("`homebrew:x$&y`");
  expect(replaceCauses("own words", homebrew, next)).toBe(`own words\n\n${causesSection(homebrew, next)}`);
});

test.prop([fc.string({ unit: "binary" })])("no name of a package ends the section or the sums in it", (name) => {
  const causes = addRun(NO_CAUSES, "1.1", [{ category: "other", package: name }]);
  const section = causesSection(homebrew, causes);
  expect(causesIn(`x\n\n${section}\n\ny`, homebrew)).toEqual(causes);
  expect(section.match(/<!-- \/batchkeeper-causes -->/g)).toHaveLength(1);
});
