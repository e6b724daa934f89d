import { fc } from "@fast-check/vitest";
import type { Budget, BudgetReading } from "../../../src/domain/budget/budget.ts";
import { THRESHOLD_LEVELS } from "../../../src/domain/budget/budget.ts";
import { HOUR, SECOND } from "../../../src/domain/instant.ts";

const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * SECOND);
const metered = fc.record({ macos: fc.nat(), linux: fc.nat() });
const reached = fc.record(Object.fromEntries(THRESHOLD_LEVELS.map((level) => [level, instant])), { requiredKeys: [] });
const date = fc.integer({ min: 0, max: 40_000 }).map((days) => new Date(days * 24 * HOUR).toISOString().slice(0, 10));

const fields: Omit<{ [K in keyof Budget]: fc.Arbitrary<Budget[K]> }, "ecosystems"> = {
  used: metered,
  weekStart: fc.oneof(fc.constant(""), date),
  sampling: fc.boolean(),
  since: fc.option(instant),
  unmetered: fc.record({ windows: fc.nat(), "self-hosted": fc.nat(), unknown: fc.nat() }),
  idle: fc.record({ jobs: fc.nat(), minutes: fc.nat() }),
  hours: fc
    .uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 3 })
    .chain((hours) =>
      fc.tuple(...hours.sort((a, b) => a - b).map((hour) => metered.map((use) => ({ from: hour * HOUR, ...use })))),
    ),
  reached: fc.record({ macos: reached, linux: reached }),
  jobs: fc
    .uniqueArray(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90_000_000_000 })), {
      maxLength: 6,
    })
    .map((ids) => ids.sort((a, b) => a - b)),
  alerts: fc
    .uniqueArray(fc.stringMatching(/^20\d\d-W[0-5]\d:(80|90|100|share):(macos|linux)$/), { maxLength: 3 })
    .map((keys) => keys.sort()),
};

/** Any budget that the file can say. */
export function arbitraryBudget(names: fc.Arbitrary<string>): fc.Arbitrary<BudgetReading> {
  const ecosystems = fc
    .uniqueArray(fc.tuple(names, metered), { maxLength: 4, selector: ([name]) => name })
    .map((entries) => new Map(entries));
  return fc.record({ ...fields, ecosystems }).map((budget) => ({ kind: "readable", budget }));
}
