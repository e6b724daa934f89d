import { expect, test } from "vitest";
import { resetWeek } from "../../../src/domain/budget/reset-week.ts";
import { setSampling } from "../../../src/domain/budget/sampling.ts";
import { at, budgetOf, countEach, EMPTY, hold, job, POLICY } from "./example.ts";

test("sampling that is turned on before anything was counted is on until its week ends", () => {
  const { control, result } = setSampling(EMPTY, true, at(1, 9), POLICY);
  expect(result).toBe("changed");
  expect(budgetOf(control)).toMatchObject({ sampling: true, weekStart: "2026-01-26" });
  expect(budgetOf(countEach([job(1, { endedAt: at(2, 8) })], control)).sampling).toBe(true);
});

test("sampling that is turned on after the last week ended is of the week that it is turned on in", () => {
  const last = countEach([job(1, { minutes: 900 })]);
  const { control } = setSampling({ ...last, holds: [hold("npm", "budget")] }, true, at(7, 9), POLICY);
  expect(budgetOf(control)).toMatchObject({ sampling: true, weekStart: "2026-02-02", used: { macos: 0 } });
  expect(control.holds).toEqual([]);
  expect(resetWeek(control, at(14, 0), POLICY).control.budget).toMatchObject({ budget: { sampling: false } });
});

test("turned off in a new week it is off already, and nothing is changed", () => {
  const { control } = setSampling(EMPTY, true, at(1, 9), POLICY);
  expect(setSampling(control, false, at(7, 9), POLICY)).toEqual({ control, result: "as-it-was" });
});

test("turned on as it is, nothing is changed", () => {
  const { control } = setSampling(EMPTY, true, at(1, 9), POLICY);
  expect(setSampling(control, true, at(2, 9), POLICY)).toEqual({ control, result: "as-it-was" });
});
