import { expect, test } from "vitest";
import {
  type Breaker,
  type Checkpoint,
  type Outcome,
  REMEMBERED_OUTCOMES,
  type Standing,
} from "../../../src/domain/breaker/breaker.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { REMEMBERED_RUNS } from "../../../src/domain/control/seen.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
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
  probe: { successes: 1, lease: { run: run(7), until: at + 6 * HOUR } },
};
const moment = { until: { at, run: run(0) }, pipelineFailure: true };
const rated = Array.from({ length: POLICY.window }, () => ({ ok: 24, failed: 1 }));

test.each<[string, Standing, Checkpoint]>([
  ["closed", closed, { ...closed, ...moment, rated }],
  ["half-open", halfOpen, { ...halfOpen, ...moment, rated: [] }],
  ["half-open and was closed not long ago", halfOpen, { ...closed, ...moment, rated }],
])("with all there is to remember of 50 ecosystems the file stays under 64 KB: each %s", (_case, now, checkpoint) => {
  const breaker: Breaker = { ...now, window: outcomes, checkpoint };
  const control: Control = {
    holds: [],
    breakers: new Map(Array.from({ length: 50 }, (_, index) => [`ecosystem-${index + 10}`, breaker])),
    seen: { since: at, runs: Array.from({ length: REMEMBERED_RUNS }, (_, index) => run(index)) },
  };
  const text = writeControlFile(newControlFile(), control);
  expect(readSoundFile(text).control).toEqual(control);
  expect(Buffer.byteLength(text)).toBeLessThan(64_000);
});
