import { describe, expect, test } from "vitest";
import { chargeRun, type RunCharges } from "../../../src/domain/breaker/charge-run.ts";
import { INFRASTRUCTURE, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { MINUTE } from "../../../src/domain/instant.ts";
import type { Category } from "../../../src/domain/results/category.ts";
import type { EcosystemResult } from "../../../src/domain/results/run-results.ts";
import { NOON, POLICY } from "./example.ts";

const WEEKS = { firstDay: 1, timeZone: "UTC" };

/** `ok/failed` of an ecosystem, with the categories of the failures that are told. */
type Told = readonly [ok: number, failed: number, ...categories: Category[]];

function charge(told: Readonly<Record<string, Told>>, lost = 0): RunCharges {
  const ecosystems = new Map(
    Object.entries(told).map(([name, [ok, failed, ...categories]]) => {
      const failures = categories.map((category) => ({ category, package: null }));
      const result: EcosystemResult = { startedAt: NOON + MINUTE, ok, failed, failures };
      return [parseEcosystem(name, new Map()) ?? INFRASTRUCTURE, result] as const;
    }),
  );
  const results = { ecosystems, lost, illFormed: [] };
  return chargeRun({ run: "1.1", startedAt: NOON, at: NOON + 9 * MINUTE, results }, POLICY, WEEKS);
}

/** Name to `ok/failed`, as they were charged. */
function charged({ outcomes }: RunCharges): Record<string, string> {
  return Object.fromEntries([...outcomes].map(([name, { ok, failed }]) => [name, `${ok}/${failed}`]));
}

test("recipes weigh what they are: 24 of 25 failures are a rate of 96 %", () => {
  const { outcomes } = charge({ homebrew: [1, 24] });
  expect(outcomes.get(parseEcosystem("homebrew", new Map()) ?? INFRASTRUCTURE)).toEqual({
    run: "1.1",
    startedAt: NOON + MINUTE,
    at: NOON + 9 * MINUTE,
    ok: 1,
    failed: 24,
  });
});

describe("several ecosystems that fail in one run", () => {
  const fine: Told = [5, 0];
  const bad: Told = [0, 5];
  test.each<[string, Record<string, Told>, readonly string[], Record<string, string>]>([
    [
      "two of four are two ecosystems",
      { a: bad, b: bad, c: fine, d: fine },
      [],
      { a: "0/5", b: "0/5", c: "5/0", d: "5/0", infrastructure: "20/0" },
    ],
    ["two of two are two ecosystems", { a: bad, b: bad }, [], { a: "0/5", b: "0/5", infrastructure: "10/0" }],
    [
      "three of seven are three ecosystems",
      { a: bad, b: bad, c: bad, d: fine, e: fine, f: fine, g: fine },
      [],
      { a: "0/5", b: "0/5", c: "0/5", d: "5/0", e: "5/0", f: "5/0", g: "5/0", infrastructure: "35/0" },
    ],
    [
      "three of six are the infrastructure",
      { a: bad, b: bad, c: bad, d: fine, e: fine, f: fine },
      ["a", "b", "c"],
      { d: "5/0", e: "5/0", f: "5/0", infrastructure: "0/15" },
    ],
    [
      "all of three are the infrastructure",
      { a: bad, b: bad, c: [1, 24] },
      ["a", "b", "c"],
      { infrastructure: "0/34" },
    ],
    [
      "what fails in part does not fail",
      { a: bad, b: bad, c: [9, 1] },
      [],
      { a: "0/5", b: "0/5", c: "9/1", infrastructure: "20/0" },
    ],
  ])("%s", (_case, told, spared, expected) => {
    const charges = charge(told);
    expect(charges.spared).toEqual(spared);
    expect(charged(charges)).toEqual(expected);
  });
});

describe("what is lost on the way is no ecosystem's", () => {
  test.each<[string, Record<string, Told>, number, Record<string, string>]>([
    ["the network", { homebrew: [0, 4, "network", "network", "network", "network"] }, 0, { infrastructure: "0/4" }],
    ["in part", { homebrew: [2, 4, "network", "validation"] }, 0, { homebrew: "2/3", infrastructure: "5/1" }],
    ["a runner", { homebrew: [1, 1, "runner"] }, 0, { homebrew: "1/0", infrastructure: "1/1" }],
    ["what belongs to none", { homebrew: [1, 0] }, 2, { homebrew: "1/0", infrastructure: "1/2" }],
    [
      "never more than failed",
      { homebrew: [3, 1, "network", "network"] },
      0,
      { homebrew: "3/0", infrastructure: "3/1" },
    ],
    ["a run that could not start", {}, 1, { infrastructure: "0/1" }],
    ["nothing at all", { homebrew: [0, 0] }, 0, {}],
  ])("%s", (_case, told, lost, expected) => expect(charged(charge(told, lost))).toEqual(expected));
});

test("whoever is charged, an ecosystem has tried what it has tried, in the week in which the run ended", () => {
  const { tried, week } = charge({ a: [0, 5], b: [1, 4, "network"], c: [0, 5], d: [0, 0] });
  expect(Object.fromEntries(tried)).toEqual({
    a: { ok: 0, failed: 5 },
    b: { ok: 1, failed: 4 },
    c: { ok: 0, failed: 5 },
  });
  expect(week).toBe("2026-01-26");
});
