import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type Ecosystem, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { causeLabels, graver } from "../../../src/domain/incidents/incident.ts";

const ecosystems = fc
  .stringMatching(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .map((name) => parseEcosystem(name, new Map()) as Ecosystem);

function labelOf(ecosystem: Ecosystem): string {
  return causeLabels({ kind: "breaker", ecosystem })[2] ?? "";
}

test("the label of an ecosystem is its name where GitHub takes it", () => {
  expect(labelOf("homebrew" as Ecosystem)).toBe("ecosystem:homebrew");
  expect(labelOf("a".repeat(40) as Ecosystem)).toBe(`ecosystem:${"a".repeat(40)}`);
  expect(labelOf("a".repeat(41) as Ecosystem)).toMatch(/^ecosystem:a{33}~[0-9a-f]{6}$/);
});

test.prop([ecosystems])("every ecosystem has a label that GitHub takes, always the same", (ecosystem) => {
  expect(labelOf(ecosystem).length).toBeLessThanOrEqual(50);
  expect(labelOf(ecosystem)).toBe(labelOf(ecosystem));
});

test("names that differ only where the label ends have labels that differ", () => {
  const long = "a".repeat(60);
  expect(labelOf(`${long}-one` as Ecosystem)).not.toBe(labelOf(`${long}-two` as Ecosystem));
});

test("the graver of two severities is the one that is to be answered sooner", () => {
  expect([graver("medium", "high"), graver("high", "medium"), graver("critical", "low")]).toEqual([
    "high",
    "high",
    "critical",
  ]);
});
