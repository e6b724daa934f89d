import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { breakerEntry, breakerFrom, NO_EXTENSION } from "../../../src/domain/control/breaker-record.ts";

const DATE = "2026-02-19T08:07:22Z";
const INSTANT = Date.UTC(2026, 1, 19, 8, 7, 22);

function read(entry: unknown) {
  return breakerFrom(breakerEntry.nullable().parse(entry), NO_EXTENSION);
}

describe("upstream's shapes of an entry", () => {
  test.each([
    [null, { state: "closed", failures: 0, lastFailure: null, opensAt: null }],
    [{}, { state: "closed", failures: 0, lastFailure: null, opensAt: null }],
    [
      { state: null, failures: null, last_failure: null, opens_at: null },
      { state: "closed", failures: 0, opensAt: null },
    ],
    [
      { state: "closed", failures: 0, last_failure: "", opens_at: "" },
      { state: "closed", lastFailure: null, opensAt: null },
    ],
    [
      { state: "closed", failures: 1, last_failure: DATE },
      { failures: 1, lastFailure: INSTANT, opensAt: null },
    ],
    [
      { state: "closed", failures: 0, opens_at: DATE },
      { state: "closed", opensAt: INSTANT },
    ],
    [
      { state: "closed", failures: "4" },
      { state: "closed", failures: 4 },
    ],
    [
      { state: "open", failures: 996, last_failure: DATE, opens_at: DATE },
      { state: "open", failures: 996, opensAt: INSTANT },
    ],
    [
      { state: "open", failures: 5, opens_at: "" },
      { state: "open", opensAt: null },
    ],
    [
      { state: "open", failures: 5 },
      { state: "open", opensAt: null },
    ],
  ])("%j", (entry, breaker) => expect(read(entry)).toMatchObject(breaker));
});

describe("what makes no sense is open until a person resets it", () => {
  test.each([
    { state: "HALF_OPEN", failures: 3, opens_at: DATE },
    { state: "", failures: 3 },
    { state: 5, failures: 3 },
    { state: "open", failures: 3, opens_at: "soon" },
    { state: "open", failures: 3, opens_at: "2026-02-19" },
    { state: "open", failures: 3, opens_at: 1771488442 },
  ])("%j", (entry) => expect(read(entry)).toMatchObject({ state: "open", failures: 3, opensAt: null, probe: null }));

  test.each(["many", "", -1, 4.5, 1e300, [], true])("a count of %j", (failures) => {
    expect(read({ state: "half-open", failures, opens_at: DATE })).toMatchObject({
      state: "open",
      failures: 0,
      opensAt: null,
      probe: null,
    });
  });
});

test("a breaker that upstream made half-open gets a probe of its own", () => {
  expect(read({ state: "half-open", failures: 5 })).toMatchObject({ probe: { successes: 0 }, lease: null });
});

test("a probe is forgotten once upstream has closed the breaker", () => {
  const probe = { successes: 1, lease: null };
  expect(breakerFrom({ state: "closed" }, { ...NO_EXTENSION, trips: 2, probe })).toMatchObject({
    trips: 2,
    probe: null,
  });
});
