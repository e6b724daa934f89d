import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { CLOSED } from "../../../src/domain/breaker/breaker.ts";
import { countMinutes } from "../../../src/domain/budget/count-minutes.ts";
import { REMEMBERED_JOBS } from "../../../src/domain/budget/job-ledger.ts";
import type { MeteredJob } from "../../../src/domain/budget/job-minutes.ts";
import { resetWeek } from "../../../src/domain/budget/reset-week.ts";
import { METERED_SYSTEMS } from "../../../src/domain/budget/runner-system.ts";
import { startOf, weekOf } from "../../../src/domain/budget/week.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { addHold } from "../../../src/domain/holds/standing.ts";
import { HOUR, MINUTE } from "../../../src/domain/instant.ts";
import { arbitraryHold, arbitraryInstant } from "../control/arbitrary-control.ts";
import { at, budgetOf, countEach, EMPTY, hold, job, MONDAY, POLICY, runOf } from "./example.ts";

const policy = { ...POLICY, critical: new Set(["npm"]), nonCritical: new Set(["homebrew", "new-1"]) };

/** Jobs of different ids, within so many hours of the week's begin. */
function jobsWithin(hours: number, most = 14): fc.Arbitrary<readonly MeteredJob[]> {
  const one = fc.record({
    id: fc.integer({ min: 1, max: 90_000_000 }),
    minutes: fc.integer({ min: 0, max: 360 }),
    endedAt: fc.integer({ min: 0, max: hours * 60 - 1 }).map((minute) => MONDAY + minute * MINUTE),
    system: fc.constantFrom(...METERED_SYSTEMS),
    ecosystem: fc.constantFrom("homebrew", "npm", "new-1", "new-2", null),
  });
  return fc
    .uniqueArray(one, { maxLength: most, selector: ({ id }) => id })
    .map((list) => list.map(({ id, ...details }) => job(id, details)));
}

/** The same jobs, each at least once, in any order: what is lost comes later, what is doubled comes twice. */
function disturbed(jobs: readonly MeteredJob[]) {
  return fc.shuffledSubarray([...jobs, ...jobs], { minLength: 2 * jobs.length });
}

/** The text of the file after each job came in an event of its own. */
function fileAfter(jobs: readonly MeteredJob[], start: string): string {
  return jobs.reduce((text, one) => {
    const file = readSoundFile(text);
    return writeControlFile(file, countMinutes(file.control, [runOf(one)], policy).control);
  }, start);
}

const breakers = new Map(["homebrew", "npm", "pypi"].map((name) => [name, CLOSED] as const));
const START = writeControlFile(newControlFile(), { ...addHold(EMPTY, hold("homebrew", "operator")), breakers });

test.prop([jobsWithin(23).chain((jobs) => fc.tuple(fc.constant(jobs), disturbed(jobs)))])(
  "order, doubling, and loss with redelivery leave the same file, byte for byte",
  ([jobs, others]) => {
    expect(fileAfter(others, START)).toBe(fileAfter(jobs, START));
  },
);

test.prop([
  jobsWithin(160).chain((jobs) =>
    fc.tuple(
      fc.constant(jobs.toSorted((a, b) => (a.completedAt ?? 0) - (b.completedAt ?? 0))),
      fc.array(fc.integer({ min: 0, max: 11 * 60 }), { minLength: jobs.length, maxLength: jobs.length }),
    ),
  ),
])("through a whole week, jobs that come up to half a day late leave the same file", ([jobs, delays]) => {
  const arrival = (one: MeteredJob) => (one.completedAt ?? 0) + (delays[jobs.indexOf(one)] ?? 0) * MINUTE;
  expect(
    fileAfter(
      jobs.toSorted((a, b) => arrival(a) - arrival(b)),
      START,
    ),
  ).toBe(fileAfter(jobs, START));
});

test.prop([jobsWithin(500, 20).chain((jobs) => fc.tuple(fc.constant(jobs), disturbed(jobs)))])(
  "of jobs of several weeks, the last week's count the same in any order",
  ([jobs, others]) => {
    const last = (list: readonly MeteredJob[]) => {
      const { control } = countMinutes(countEach(list, EMPTY, policy), [], policy);
      return { ...budgetOf(control), alerts: null, holds: control.holds };
    };
    const sorted = jobs.toSorted((a, b) => (a.completedAt ?? 0) - (b.completedAt ?? 0));
    const { hours: _, reached: __, holds: ___, ...counted } = last(others);
    expect(last(sorted)).toMatchObject(counted);
  },
);

test.prop([jobsWithin(500, 20)])("within a week minutes never decrease, and no alert is given twice", (jobs) => {
  const told: string[] = [];
  let control: Control = EMPTY;
  for (const one of jobs) {
    const before = budgetOf(control);
    const next = countMinutes(control, [runOf(one)], policy);
    const after = budgetOf(next.control);
    if (after.weekStart === before.weekStart) {
      for (const system of METERED_SYSTEMS) expect(after.used[system]).toBeGreaterThanOrEqual(before.used[system]);
    }
    if (next.result.kind === "counted") told.push(...next.result.alerts.map(({ key }) => key));
    control = next.control;
  }
  expect(new Set(told).size).toBe(told.length);
});

test.prop([jobsWithin(300, 20), fc.array(arbitraryHold, { maxLength: 4 }), arbitraryInstant])(
  "counting and resetting never touch a hold that is not the budget's",
  (jobs, holds, now) => {
    const others = (control: Control) => control.holds.filter(({ kind }) => kind !== "budget");
    const start = holds.reduce(addHold, EMPTY);
    const counted = countEach(jobs, start, policy);
    expect(others(counted)).toEqual(others(start));
    expect(resetWeek(counted, now, policy).control.holds).toEqual(others(start));
  },
);

test.prop([
  fc.constantFrom("UTC", "America/New_York", "Europe/Paris", "Asia/Kolkata", "Pacific/Chatham"),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: -3 * 60, max: 3 * 60 }),
])("a job counts into the week of its end, wherever the clocks are changed", (timeZone, firstDay, week, minute) => {
  const rule = { timeZone, firstDay };
  const boundary = startOf(weekOf(MONDAY + week * 7 * 24 * HOUR, rule), rule);
  const endedAt = boundary + minute * MINUTE;
  const counted = countEach([job(1, { endedAt })], EMPTY, { ...policy, week: rule });
  expect(budgetOf(counted).weekStart).toBe(weekOf(endedAt, rule));
  expect(budgetOf(counted).weekStart < weekOf(boundary, rule)).toBe(minute < 0);
});

test("with fifty ecosystems, a year of exhausted weeks leaves less than 8 KB of budget in the file", () => {
  const names = Array.from({ length: 50 }, (_, index) => `ecosystem-${index}`);
  let text = newControlFile().text;
  for (let week = 0; week < 52; week++) {
    const runs = [0, 1, 3, 4, 6].map((day) => {
      const first = 48_000_000_000 + (7 * week + day) * 70_000_000;
      return runOf(
        ...names.flatMap((ecosystem, index) =>
          METERED_SYSTEMS.map((system, other) => {
            const id = first + 7 * (2 * index + other);
            return job(id, { ecosystem, system, endedAt: at(7 * week + day, 3), minutes: 50 });
          }),
        ),
      );
    });
    const file = readSoundFile(text);
    text = writeControlFile(file, countMinutes(file.control, runs, policy).control);
  }
  const { budget } = JSON.parse(text).batchkeeper;
  expect(budget.jobs.join(" ").split(" ")).toHaveLength(REMEMBERED_JOBS);
  expect(budget.alerts).toContain("2027-W03:100:linux");
  expect(JSON.stringify({ batchkeeper: { budget } }, null, 2).length).toBeLessThan(8192);
});
