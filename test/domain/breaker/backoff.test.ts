import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { recoveryTime } from "../../../src/domain/breaker/backoff.ts";
import { HOUR } from "../../../src/domain/instant.ts";
import { POLICY } from "./example.ts";

test.each([
  [1, 1],
  [2, 2],
  [3, 4],
  [5, 16],
  [6, 24],
  [893, 24],
  [Number.MAX_SAFE_INTEGER, 24],
])("opening number %i lasts %i hours by default", (trips, hours) => {
  expect(recoveryTime(trips, POLICY)).toBe(hours * HOUR);
});

const policies = fc.record({
  recovery: fc.integer({ min: 60_000, max: 366 * 24 * HOUR }),
  backoff: fc.double({ min: 1, max: 10, noNaN: true }),
  maxRecovery: fc.integer({ min: 60_000, max: 366 * 24 * HOUR }),
});

test.prop([policies, fc.nat({ max: Number.MAX_SAFE_INTEGER - 1 })])(
  "it never shrinks and never exceeds the longest",
  (policy, trips) => {
    const [time, next] = [trips + 1, trips + 2].map((count) => recoveryTime(count, { ...POLICY, ...policy }));
    expect(time).toBeGreaterThan(0);
    expect(next).toBeGreaterThanOrEqual(time ?? Number.NaN);
    expect(next).toBeLessThanOrEqual(policy.maxRecovery);
  },
);
