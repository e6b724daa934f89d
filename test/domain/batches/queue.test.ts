import { expect, test } from "vitest";
import { stillSuccess } from "../../../src/domain/batches/queue.ts";

const queue = JSON.stringify({
  schema_version: 1,
  entries: [
    { name: "bat", source: "github:sharkdp/bat", status: "success", priority: 1 },
    { name: "go-task", source: "homebrew:task", status: "success" },
    { name: "jq", source: "homebrew:jq", status: "failed" },
    { name: "node@22", status: "success" },
    { name: "other", source: "homebrew:other", status: "success" },
  ],
});

test("entries that count a recipe as made are named, by their name or by their source", () => {
  expect(stillSuccess(queue, new Set(["bat", "task", "jq", "node@22"]))).toEqual([
    "github:sharkdp/bat",
    "homebrew:task",
    "node@22",
  ]);
});

test("what is no queue is not taken for an empty one", () => {
  for (const text of ["", "{", "[]", "null", '{"entries": {}}', '{"entries": [{"name": 1}]}']) {
    expect(stillSuccess(text, new Set(["bat"]))).toBeNull();
  }
});
