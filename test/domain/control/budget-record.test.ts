import { describe, expect, test } from "vitest";
import { UNUSED } from "../../../src/domain/budget/budget.ts";
import { countMinutes } from "../../../src/domain/budget/count-minutes.ts";
import { resetWeek } from "../../../src/domain/budget/reset-week.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { readSoundFile } from "../../../src/domain/control/control-file.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { addHold } from "../../../src/domain/holds/standing.ts";
import { at, hold, job, POLICY, runOf } from "../budget/example.ts";

function decided(text: string, decide: (control: Control) => Control): string {
  const file = readSoundFile(text);
  return writeControlFile(file, decide(file.control));
}

const count = (control: Control) => countMinutes(control, [runOf(job(401, { ecosystem: "npm" }))], POLICY).control;
const reset = (control: Control) => resetWeek(control, at(2, 9), POLICY).control;
const read = (text: string) => readSoundFile(text).control.budget;

/** The runbook's own example. */
const SEED =
  '{"macos_minutes_used": 450, "linux_minutes_used": 1200, "week_start": "2026-01-27", "sampling_active": false}';

test("the runbook's budget is read", () => {
  expect(read(`{"budget": ${SEED}}`)).toEqual({
    kind: "readable",
    budget: { ...UNUSED, used: { macos: 450, linux: 1200 }, weekStart: "2026-01-27" },
  });
});

test.each([
  ["{}"],
  ['{"budget": null}'],
  ['{"budget": {}}'],
  ['{"budget": {"macos_minutes_used": null, "week_start": null}}'],
  ['{"batchkeeper": {"budget": null}}'],
])("%s says that nothing is used", (text) => expect(read(text)).toEqual({ kind: "readable", budget: UNUSED }));

test("a first count is written as jq would write it", () => {
  const text = decided("{}", count);
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  expect(JSON.parse(text)).toEqual({
    budget: { macos_minutes_used: 10, linux_minutes_used: 0, week_start: "2026-01-26", sampling_active: false },
    batchkeeper: {
      version: 1,
      holds: [],
      breakers: {},
      budget: {
        ecosystems: { npm: { macos: 10, linux: 0 } },
        jobs: ["401"],
        alerts: [],
        week: "2026-01-26",
        since: "",
        unmetered: { windows: 0, "self-hosted": 0, unknown: 0 },
        idle: { jobs: 0, minutes: 0 },
        hours: ["2026-01-26T12Z 10 0"],
        reached: { macos: {}, linux: {} },
      },
      seen: { since: "", runs: [] },
    },
  });
});

test("what does not change keeps its spelling, and what is not ours stays", () => {
  const budget = '{ "linux_minutes_used" : 1200.0,"note":"x", "macos_minutes_used": 450,  "week_start": "2026-01-26" }';
  const text = decided(`{"budget": ${budget}, "batchkeeper": {"budget": {"later": [1]}}}`, count);
  expect(text).toContain('{ "linux_minutes_used" : 1200.0,"note":"x", "macos_minutes_used": 460,');
  expect(JSON.parse(text).batchkeeper.budget).toMatchObject({ later: [1], ecosystems: { npm: { macos: 10 } } });
});

test("ecosystems stand in the order of their names, whatever came first", () => {
  const names = ["pypi", "homebrew", "npm"];
  const text = names.reduce(
    (before, ecosystem, index) =>
      decided(before, (control) => countMinutes(control, [runOf(job(index + 1, { ecosystem }))], POLICY).control),
    "{}",
  );
  expect(Object.keys(JSON.parse(text).batchkeeper.budget.ecosystems)).toEqual(["homebrew", "npm", "pypi"]);
});

describe("when somebody reset the budget without us", () => {
  const counted = decided("{}", count);
  const byHand = JSON.parse(counted);
  byHand.budget = { ...byHand.budget, macos_minutes_used: 0, week_start: "2026-01-28" };
  const text = JSON.stringify(byHand);

  test("what we knew of the minutes is gone, and what was counted stays counted", () => {
    expect(read(text)).toMatchObject({ budget: { used: { macos: 0 }, ecosystems: new Map(), hours: [], jobs: [401] } });
  });

  test("it does not come back with the next count", () => {
    const later = runOf(job(402, { endedAt: at(2, 12), ecosystem: "homebrew" }));
    const { batchkeeper, budget } = JSON.parse(
      decided(text, (control) => countMinutes(control, [later], POLICY).control),
    );
    expect(budget.macos_minutes_used).toBe(10);
    expect(batchkeeper.budget).toMatchObject({
      ecosystems: { homebrew: { macos: 10 } },
      hours: ["2026-01-28T12Z 10 0"],
    });
    expect(batchkeeper.budget.ecosystems).not.toHaveProperty("npm");
  });
});

describe("a budget that cannot be understood", () => {
  const garbled = [
    ['{"budget": {"macos_minutes_used": "many"}}', "budget.macos_minutes_used: "],
    ['{"budget": {"linux_minutes_used": -1}}', "budget.linux_minutes_used: "],
    ['{"budget": {"week_start": "soon"}}', "budget.week_start: Invalid date"],
    ['{"budget": {"week_start": "2026-02-30"}}', "budget.week_start: Invalid date"],
    ['{"budget": {"sampling_active": "yes"}}', "budget.sampling_active: "],
    ['{"budget": []}', "budget: "],
    ['{"budget": {"macos_minutes_used": 1, "macos_minutes_used": 2}}', "budget: key said twice: macos_minutes_used"],
    ['{"batchkeeper": {"budget": {"jobs": ["x"]}}}', "batchkeeper.budget.jobs: Invalid jobs"],
    ['{"batchkeeper": {"budget": {"hours": ["noon"]}}}', "batchkeeper.budget.hours.0: Invalid hour"],
    ['{"batchkeeper": {"budget": {"alerts": ["<b>"]}}}', "batchkeeper.budget.alerts.0: Invalid alert"],
    [
      '{"batchkeeper": {"budget": {"ecosystems": {"npm": {"macos": "1"}}}}}',
      "batchkeeper.budget.ecosystems.npm.macos: ",
    ],
  ] as const;

  test.each(garbled)("says where, and leaves the file readable: %s", (text, problem) => {
    expect(read(text)).toMatchObject({ kind: "unreadable", problem: expect.stringContaining(problem) });
  });

  test.each(garbled)("stays as it is whatever else is decided: %s", (text) => {
    expect(decided(text, count)).toBe(text);
    const stopped = JSON.parse(decided(text, (control) => addHold(control, hold("npm", "operator"))));
    expect(stopped).toMatchObject(JSON.parse(text));
  });

  test.each(garbled)("is mended by a reset: %s", (text) => {
    const mended = decided(text, reset);
    expect(read(mended)).toEqual({ kind: "readable", budget: { ...UNUSED, weekStart: "2026-01-26", since: at(2, 9) } });
    expect(JSON.parse(mended).budget.week_start).toBe("2026-01-26");
  });
});
