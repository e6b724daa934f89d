import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { type Ecosystem, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { reportWeek } from "../../../src/domain/objective/objective.ts";
import { addToWeeks, type SuccessWeek } from "../../../src/domain/objective/success-week.ts";

const [npm, pypi] = ["npm", "pypi"].map((name) => parseEcosystem(name, new Map())) as [Ecosystem, Ecosystem];

describe("a week against the objectives", () => {
  const objectiveOf = (ecosystem: Ecosystem) => (ecosystem === npm ? 0.85 : 0.98);
  test.each<[string, number, number, object[]]>([
    ["met to the recipe", 85, 15, [{ isMet: true, rate: 0.85, objective: 0.85 }]],
    ["missed by one", 84, 16, [{ isMet: false, rate: 0.84 }]],
    ["too little to tell", 0, 9, []],
    ["just enough to tell", 0, 10, [{ isMet: false, rate: 0 }]],
  ])("%s", (_case, ok, failed, expected) => {
    expect(reportWeek({ week: "2026-01-26", tried: new Map([[npm, { ok, failed }]]) }, objectiveOf)).toMatchObject(
      expected,
    );
  });
});

const WEEKS = ["2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"];

test.prop([
  fc
    .array(
      fc.record({
        week: fc.constantFrom(...WEEKS),
        name: fc.constantFrom(npm, pypi),
        ok: fc.nat(9),
        failed: fc.nat(9),
      }),
    )
    .chain((runs) => fc.tuple(fc.constant(runs), fc.shuffledSubarray(runs, { minLength: runs.length }))),
])("the order of runs makes no difference, and the newest two weeks are kept", ([runs, shuffled]) => {
  const count = (weeks: readonly SuccessWeek[], { week, name, ok, failed }: (typeof runs)[number]) =>
    addToWeeks(weeks, week, new Map([[name, { ok, failed }]]));
  const text = (weeks: readonly SuccessWeek[]) => weeks.map(({ week, tried }) => [week, [...tried].sort()]);
  const counted = runs.reduce(count, []);
  expect(text(shuffled.reduce(count, []))).toEqual(text(counted));
  expect(counted.map(({ week }) => week)).toEqual([...new Set(runs.map(({ week }) => week))].sort().slice(-2));
});
