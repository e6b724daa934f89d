import { describe, expect, test } from "vitest";
import { catalog } from "../../src/commands/catalog.ts";
import { isLate } from "../../src/commands/late.ts";

const MINUTE = 60_000;

test.each([
  { minutes: -5, late: false, why: "our clock may be five minutes behind GitHub's" },
  { minutes: 5, late: false, why: "or five minutes ahead of it" },
  { minutes: 10, late: false, why: "reconciliation may take ten minutes" },
  { minutes: 10.1, late: true, why: "more is no delay any more" },
])("a comment that took $minutes minutes is late: $late, because $why", ({ minutes, late }) => {
  expect(isLate({ writtenAt: 0, acceptedAt: minutes * MINUTE })).toBe(late);
});

describe("late", () => {
  test("nothing is run that would undo something", () => {
    const repeated = catalog.filter(({ whenLate }) => whenLate === "repeat").map(({ verb }) => verb);
    expect(repeated).toEqual(expect.arrayContaining(["resume", "rollback"]));
  });

  test("a stop is run", () => {
    expect(catalog.find(({ verb }) => verb === "stop")?.whenLate).toBe("run");
  });
});
