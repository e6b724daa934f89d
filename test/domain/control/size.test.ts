import { expect, test } from "vitest";
import {
  type Breaker,
  type Checkpoint,
  type Lease,
  type Outcome,
  REMEMBERED_OUTCOMES,
  type Standing,
} from "../../../src/domain/breaker/breaker.ts";
import { type Budget, UNUSED } from "../../../src/domain/budget/budget.ts";
import { REMEMBERED_JOBS } from "../../../src/domain/budget/job-ledger.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { REMEMBERED_RUNS } from "../../../src/domain/control/seen.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { INFRASTRUCTURE, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { NOTHING_ENFORCED } from "../../../src/domain/gate/enforced.ts";
import { HOUR } from "../../../src/domain/instant.ts";
import { POLICY } from "../breaker/example.ts";

const at = Date.UTC(2026, 0, 28, 3, 15);

/** As long as run ids are today: eleven digits. */
function run(number: number): string {
  return `${17_352_000_000 + number}.1`;
}

const outcomes: readonly Outcome[] = Array.from({ length: REMEMBERED_OUTCOMES }, (_, index) => ({
  run: run(index),
  startedAt: at - 725_000,
  at,
  ok: 24,
  failed: 1,
}));

const closed: Standing = { state: "closed", failures: 996, lastFailure: at, opensAt: null, trips: 12, probe: null };
const halfOpen: Standing = {
  ...closed,
  state: "half-open",
  opensAt: at,
  probe: { successes: 1 },
};
const lease: Lease = { run: run(7), until: at + 6 * HOUR };
const moment = { until: { at, run: run(0) }, pipelineFailure: true };
const rated = Array.from({ length: POLICY.window }, () => ({ ok: 24, failed: 1 }));

const names = Array.from({ length: 50 }, (_, index) => parseEcosystem(`ecosystem-${index + 10}`, new Map())).filter(
  (name) => name !== null,
);
const tried = new Map(names.map((name) => [name, { ok: 2345, failed: 123 }]));
const levels = { sampling: at, stop: at, exhausted: at };

/** Six jobs in each run, every hour, which began one after the other; each threshold reached in each of four weeks. */
const budget: Budget = {
  used: { macos: 123_456, linux: 654_321 },
  weekStart: "2026-01-26",
  sampling: true,
  since: at,
  ecosystems: new Map(names.map((name) => [name, { macos: 1234, linux: 5678 }])),
  unmetered: { windows: 1234, "self-hosted": 1234, unknown: 1234 },
  idle: { jobs: 123, minutes: 123 },
  hours: Array.from({ length: 24 }, (_, index) => ({
    from: at - (at % HOUR) + index * HOUR,
    macos: 1234,
    linux: 5678,
  })),
  reached: { macos: levels, linux: levels },
  jobs: Array.from(
    { length: REMEMBERED_JOBS },
    (_, index) => 48_211_200_345 + Math.floor(index / 6) * 3_000_000 + (index % 6) * 12_345,
  ),
  alerts: ["W02:100", "W03:100", "W04:100", "W05:100", "W05:80", "W05:90", "W05:share"].flatMap((alert) => [
    `2026-${alert}:linux`,
    `2026-${alert}:macos`,
  ]),
};

test.each<[string, Standing & { readonly lease: Lease | null }, Checkpoint]>([
  ["closed", { ...closed, lease: null }, { ...closed, ...moment, rated }],
  ["half-open", { ...halfOpen, lease }, { ...halfOpen, ...moment, rated: [] }],
  ["half-open and was closed not long ago", { ...halfOpen, lease }, { ...closed, ...moment, rated }],
])("with all there is to remember of 50 ecosystems the file stays under 64 KB: each %s", (_case, now, checkpoint) => {
  expect(sizeWith({ ...now, window: outcomes, checkpoint }, UNUSED)).toBeLessThan(64 * 1024);
});

test("so it does with the fullest budget while the breakers are closed", () => {
  const breaker: Breaker = { ...closed, lease: null, window: outcomes, checkpoint: { ...closed, ...moment, rated } };
  expect(sizeWith(breaker, budget)).toBeLessThan(64 * 1024);
  expect(sizeWith(breaker, budget) - sizeWith(breaker, UNUSED)).toBeLessThan(9000);
});

/** Bytes of the file in which all ecosystems have this breaker. */
function sizeWith(breaker: Breaker, budget: Budget): number {
  const control: Control = {
    holds: [],
    enforced: NOTHING_ENFORCED,
    breakers: new Map([...names, INFRASTRUCTURE].sort().map((name) => [name, breaker])),
    budget: { kind: "readable", budget },
    weeks: ["2026-01-19", "2026-01-26"].map((week) => ({ week, tried })),
    seen: { since: at, runs: Array.from({ length: REMEMBERED_RUNS }, (_, index) => run(index)) },
  };
  const text = writeControlFile(newControlFile(), control);
  expect(readSoundFile(text).control).toEqual(control);
  return Buffer.byteLength(text);
}
