import { describe, expect, test } from "vitest";
import { judgeControl, movesBreakers } from "../../../src/domain/supply-chain/judge-control.ts";
import type { FileVersion } from "../../../src/domain/supply-chain/judge-recipe.ts";

const hold = { id: "h-3f2a91", scope: "npm", kind: "security", by: "olga", at: "2026-01-28T03:15:00Z" };
const HELD = { enabled: true, disabled_ecosystems: ["npm"], batchkeeper: { version: 1, holds: [hold] } };
const FREE = { enabled: true, disabled_ecosystems: [], batchkeeper: { version: 1, holds: [] } };
const OPEN = { ...FREE, circuit_breaker: { npm: { state: "open", failures: 5 } } };
const CLOSED = { ...FREE, circuit_breaker: { npm: { state: "closed", failures: 0 } } };

const person = { isBot: false, hadRun: false, aliases: new Map<string, string>() };
const pipeline = { ...person, isBot: true, hadRun: true };

function file(content: object | string | null): FileVersion {
  if (content === null) return { kind: "missing" };
  return { kind: "text", text: typeof content === "string" ? content : JSON.stringify(content) };
}

function judge(before: object | string | null, after: object | string | null, changer = person) {
  const change = { path: "batch-control.json", before: file(before), after: file(after) };
  return judgeControl(change, changer).map(({ rule, detail }) => [rule, detail]);
}

describe("a control file that somebody changed", () => {
  test.each([
    ["out of our list and the switches", FREE],
    ["by the switch alone", { ...HELD, disabled_ecosystems: [] }],
  ])("had a hold taken out %s", (_, after) => {
    expect(judge(HELD, after)).toEqual([["hold-removed", "`h-3f2a91`, the security hold on `npm` by `olga`"]]);
  });

  test("by a program while a batch ran had a hold taken out all the same", () => {
    expect(judge(HELD, FREE, pipeline).map(([rule]) => rule)).toEqual(["hold-removed"]);
  });

  test("without the key that holds are in lost none: it is put back", () => {
    expect(judge(HELD, { enabled: true, disabled_ecosystems: ["npm"] }).map(([rule]) => rule)).toEqual([
      "control-file-changed",
    ]);
  });

  test("has a breaker that moved without a run, with both states", () => {
    expect(judge(OPEN, CLOSED)).toEqual([["breaker-moved", "`npm`: open, 5 failures → closed, 0 failures"]]);
    expect(judge(OPEN, FREE)).toEqual([["breaker-moved", "`npm`: open, 5 failures → none"]]);
  });

  test("about a run is bookkeeping of the pipeline, and a change by hand of a person", () => {
    expect(judge(OPEN, CLOSED, pipeline)).toEqual([]);
    expect(judge(OPEN, CLOSED, { ...person, hadRun: true }).map(([rule]) => rule)).toEqual(["control-file-changed"]);
    expect(judge(OPEN, CLOSED, { ...person, isBot: true }).map(([rule]) => rule)).toEqual(["breaker-moved"]);
  });

  test("about a run by a program is no bookkeeping when a switch was turned", () => {
    expect(judge(FREE, { ...FREE, enabled: false }, pipeline)).toEqual([
      ["control-file-changed", "`enabled` and `disabled_ecosystems`: `[true,[]]` → `[false,[]]`"],
    ]);
  });

  test("that cannot be read is unchecked, and so is one that is gone", () => {
    expect(judge(FREE, "{").map(([rule]) => rule)).toEqual(["unchecked"]);
    expect(judge(HELD, null).map(([rule]) => rule)).toEqual(["hold-removed"]);
  });
});

test("breakers moved only when their state or count did", () => {
  const change = (after: object) => ({ path: "batch-control.json", before: file(OPEN), after: file(after) });
  expect(movesBreakers(change(CLOSED))).toBe(true);
  expect(movesBreakers(change({ ...OPEN, note: 1 }))).toBe(false);
});
