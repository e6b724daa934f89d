import { describe, expect, test } from "vitest";
import { dayAfter, nearestBatchIds, parseBatchId } from "../../../src/domain/batches/batch-id.ts";

const idOf = (text: string) => {
  const id = parseBatchId(text);
  if (id === null) throw new Error(`${text} is no id`);
  return id;
};

describe("a batch id", () => {
  test.for([
    ["2026-02-18", { date: "2026-02-18", ecosystem: null, sequence: null, run: null }],
    ["2026-01-28-001", { date: "2026-01-28", ecosystem: null, sequence: "001", run: null }],
    ["2026-02-18-homebrew", { date: "2026-02-18", ecosystem: "homebrew", sequence: null, run: null }],
    ["2026-02-18-Crates.io-002", { date: "2026-02-18", ecosystem: "crates.io", sequence: "002", run: null }],
    ["17352-20260218", { date: "2026-02-18", ecosystem: null, sequence: null, run: "17352" }],
    ["20260218-20260218", { date: "2026-02-18", run: "20260218" }],
  ] as const)("%s is read", ([text, parts]) => {
    expect(parseBatchId(text)).toMatchObject({ text: text.toLowerCase(), ...parts });
  });

  test.for([
    "",
    "2026-02-30",
    "2026-2-18",
    "2026-02-18-",
    "2026-02-18 homebrew",
    "2026-02-18-a..b",
    "2026-02-18-a.lock",
    "2026-02-18-home/brew",
    "2026-02-18-$BATCH_ID",
    "17352-20260230",
    "17352-202602181",
    "123456789012345678901-20260218",
    "homebrew",
    `2026-02-18-${"a".repeat(80)}`,
  ])("%j is none", (text) => expect(parseBatchId(text)).toBeNull());
});

test("the nearest ids are those of the nearest days, of one day the same ecosystem first, each once", () => {
  const others = [
    "2026-02-01",
    "2026-02-17-npm",
    "2026-02-19-homebrew",
    "2026-02-18-npm",
    "2026-02-18-npm",
    "2026-02-18-001",
  ];
  const near = nearestBatchIds(idOf("2026-02-18-npm"), others.map(idOf), 4).map(({ text }) => text);
  expect(near).toEqual(["2026-02-18-npm", "2026-02-18-001", "2026-02-17-npm", "2026-02-19-homebrew"]);
});

test("days are counted across months and years", () => {
  expect(dayAfter("2026-02-28", 1)).toBe("2026-03-01");
  expect(dayAfter("2026-01-01", -1)).toBe("2025-12-31");
});
