import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { approvalRefusal, expiryOf } from "../../../src/domain/approval/approval.ts";
import { liftManifest } from "../../../src/domain/approval/lift-manifest.ts";
import { DAY, HOUR } from "../../../src/domain/instant.ts";
import { arbitraryHold } from "../control/arbitrary-control.ts";

const askedAt = Date.UTC(2026, 0, 28, 12);
const asked = { requester: 1, askedAt, shownAt: askedAt };

test.each([
  { why: "another person", approver: 2, later: HOUR, kind: undefined },
  { why: "the same person", approver: 1, later: HOUR, kind: "same-person" },
  { why: "another person, just in time", approver: 2, later: DAY - 1, kind: undefined },
  { why: "another person, a day later", approver: 2, later: DAY, kind: "expired" },
])("an approval by $why: $kind", ({ approver, later, kind }) => {
  const now = askedAt + later;
  expect(approvalRefusal(asked, { approver, approvedAt: now, now })?.kind).toBe(kind);
});

test("an approval written before what it approves was shown counts only where it names it", () => {
  const newer = { ...asked, shownAt: askedAt + HOUR };
  const given = { approver: 2, now: askedAt + 2 * HOUR };
  expect(approvalRefusal(newer, { ...given, approvedAt: askedAt })?.kind).toBe("newer");
  expect(approvalRefusal(newer, { ...given, approvedAt: null })).toBeNull();
});

test("what waits is given up a day after it was asked for", () => {
  expect(expiryOf(asked)).toBe(askedAt + DAY);
});

test.prop([fc.array(arbitraryHold), arbitraryHold, fc.string()])(
  "the same holds in any order are the same plan, and any other word of one makes another",
  (holds, hold, word) => {
    expect(liftManifest([hold, ...holds])).toBe(liftManifest([...holds, hold]));
    fc.pre(word !== hold.reason);
    expect(liftManifest([{ ...hold, reason: word }])).not.toBe(liftManifest([hold]));
  },
);
