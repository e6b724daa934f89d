import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { BreakerState } from "../../../src/domain/breaker/breaker.ts";
import { breakerTimelines } from "../../../src/domain/breaker/timeline.ts";
import type { PastVersion } from "../../../src/domain/control/past-version.ts";

/** Versions of one breaker, told oldest first. */
function versions(...told: readonly (readonly [at: number, state: BreakerState | null])[]): readonly PastVersion[] {
  return told
    .map(([at, state]) => ({
      sha: `sha-${at}`,
      at,
      breakers: new Map(state === null ? [] : [["npm", state] as const]),
      week: null,
    }))
    .reverse();
}

const PERIOD = { from: 100, until: 200 };

describe("the time line of a breaker", () => {
  test("a version counts until the next one, the last one until now", () => {
    const spans = breakerTimelines(versions([110, "closed"], [150, "open"], [180, "closed"]), PERIOD).get("npm");
    expect(spans).toEqual([
      { state: "closed", from: 110, until: 150 },
      { state: "open", from: 150, until: 180 },
      { state: "closed", from: 180, until: 200 },
    ]);
  });

  test("versions that say the same are one stretch", () => {
    const spans = breakerTimelines(versions([110, "open"], [120, "open"], [130, "open"]), PERIOD).get("npm");
    expect(spans).toEqual([{ state: "open", from: 110, until: 200 }]);
  });

  test("what was so before the period begins with it", () => {
    const spans = breakerTimelines(versions([10, "closed"], [50, "open"], [150, "closed"]), PERIOD).get("npm");
    expect(spans?.[0]).toEqual({ state: "open", from: 100, until: 150 });
  });

  test("before the first version, and while there was no entry, nothing is drawn", () => {
    const spans = breakerTimelines(versions([110, "open"], [120, null], [150, "closed"]), PERIOD).get("npm");
    expect(spans).toEqual([
      { state: "open", from: 110, until: 120 },
      { state: "closed", from: 150, until: 200 },
    ]);
  });

  const state = fc.constantFrom<BreakerState | null>("closed", "open", "half-open", null);
  property.prop([fc.array(fc.tuple(fc.integer({ min: 0, max: 250 }), state), { maxLength: 30 })])(
    "spans are in order, apart from each other, within the period, and of positive length, whatever the clocks said",
    (told) => {
      const spans = breakerTimelines(versions(...told), PERIOD).get("npm") ?? [];
      let end = PERIOD.from;
      for (const span of spans) {
        expect(span.from).toBeGreaterThanOrEqual(end);
        expect(span.until).toBeGreaterThan(span.from);
        end = span.until;
      }
      expect(end).toBeLessThanOrEqual(PERIOD.until);
    },
  );
});
