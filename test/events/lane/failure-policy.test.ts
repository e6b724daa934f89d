import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/domain/instant.ts";
import { BACKOFF, verdictOn } from "../../../src/events/lane/failure-policy.ts";
import type { Failure } from "../../../src/github/failure.ts";

const NOW = Date.parse("2026-01-28T12:00:00Z");
const FRESH = { attempts: 0, acceptedAt: NOW };
const AT = { now: NOW, random: 1, backoff: BACKOFF };

describe("what fails", () => {
  test.for<{ failure: Failure; delivery?: Partial<typeof FRESH>; verdict: object; why: string }>([
    {
      failure: { kind: "unavailable" },
      verdict: { kind: "retry", at: NOW + 2 * SECOND },
      why: "GitHub may be back soon",
    },
    {
      failure: { kind: "unavailable" },
      delivery: { attempts: 5 },
      verdict: { kind: "retry", at: NOW + 64 * SECOND },
      why: "each wait is twice as long",
    },
    {
      failure: { kind: "unavailable" },
      delivery: { attempts: 60, acceptedAt: NOW - 2 * DAY },
      verdict: { kind: "retry", at: NOW + 10 * MINUTE },
      why: "an outage of two days loses nothing, and is noticed within ten minutes to be over",
    },
    {
      failure: { kind: "unavailable" },
      delivery: { attempts: 500, acceptedAt: NOW - 3 * DAY },
      verdict: { kind: "bury" },
      why: "after three days a person should look at it",
    },
    {
      failure: { kind: "limited", until: NOW + HOUR },
      delivery: { attempts: 4 },
      verdict: { kind: "pause", until: NOW + HOUR },
      why: "GitHub said when, and it is nobody's fault",
    },
    { failure: { kind: "gone", why: "deleted" }, verdict: { kind: "drop" }, why: "it can never succeed" },
    { failure: { kind: "malformed" }, verdict: { kind: "bury" }, why: "it would be malformed again" },
    {
      failure: { kind: "broken" },
      delivery: { attempts: 3 },
      verdict: { kind: "retry", at: NOW + 16 * SECOND },
      why: "chance may have broken it",
    },
    {
      failure: { kind: "broken" },
      delivery: { attempts: 4 },
      verdict: { kind: "bury" },
      why: "five times were not chance",
    },
  ])(
    "$failure.kind, $delivery.attempts times before: $verdict.kind, because $why",
    ({ failure, delivery, verdict }) => {
      expect(verdictOn({ ...FRESH, ...delivery }, failure, AT)).toEqual(verdict);
    },
  );

  property.prop([fc.nat({ max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true })])(
    "is tried again within the longest wait, and not before now",
    (attempts, random) => {
      const verdict = verdictOn({ attempts, acceptedAt: NOW }, { kind: "unavailable" }, { ...AT, random });
      expect(verdict).toMatchObject({ kind: "retry" });
      const at = verdict.kind === "retry" ? verdict.at : Number.NaN;
      expect(at).toBeGreaterThanOrEqual(NOW);
      expect(at).toBeLessThanOrEqual(NOW + BACKOFF.longest);
    },
  );
});
