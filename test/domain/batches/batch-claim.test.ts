import { describe, expect, test } from "vitest";
import { batchClaim, batchEcosystems, claimedIds, type Testimony } from "../../../src/domain/batches/batch-claim.ts";

const silent: Testimony = { title: "", body: "", branch: null, messages: [] };
const idsOf = (testimony: Partial<Testimony>) =>
  claimedIds(batchClaim({ ...silent, ...testimony }, "batch/")).map(({ text }) => text);

const PIPELINE = `feat(recipes): add batch 2026-02-04-homebrew recipes

Batch generation of 5 packages from homebrew ecosystem.
- 0 excluded (recorded to data/failures/homebrew.jsonl)

batch_id: 2026-02-04-homebrew
ecosystem: homebrew
`;

describe("the id of a batch is read", () => {
  test.for<[string, Partial<Testimony>, string[]]>([
    ["from the pipeline's commit", { messages: [PIPELINE] }, ["2026-02-04-homebrew"]],
    [
      "from the runbook's commit",
      { messages: ["chore: add cargo recipes batch_id: 2026-01-28-001"] },
      ["2026-01-28-001"],
    ],
    [
      "from a squash of several commits",
      { messages: ["Recipes (#1)\n\n* first\n\nbatch_id: 2026-02-18\n\n* second"] },
      ["2026-02-18"],
    ],
    ["from lines that end as on Windows", { messages: ["x\r\n\r\nbatch_id: 2026-02-18\r\n"] }, ["2026-02-18"]],
    ["from a body", { body: "batch_id: 17352-20260218" }, ["17352-20260218"]],
    ["from a title", { title: "feat(recipes): add batch 2026-02-18-npm recipes" }, ["2026-02-18-npm"]],
    ["from the day in its branch", { branch: "batch/20260218-101500" }, ["2026-02-18"]],
    ["from day and ecosystem in its branch", { branch: "batch/homebrew-20260131-101500" }, ["2026-01-31-homebrew"]],
    [
      "from the day in its branch and the ecosystem in its title",
      { branch: "batch/20260131", title: "feat(recipes): add batch homebrew recipes (5 recipes)" },
      ["2026-01-31-homebrew"],
    ],
    [
      "and what is stated counts, not the branch",
      { branch: "batch/20260219-000100", messages: [PIPELINE] },
      ["2026-02-04-homebrew"],
    ],
    ["and two are two", { messages: [PIPELINE, "x\n\nbatch_id: 2026-02-18"] }, ["2026-02-04-homebrew", "2026-02-18"]],
  ])("%s", ([, testimony, ids]) => expect(idsOf(testimony)).toEqual(ids));
});

describe("no batch is", () => {
  test.for<[string, Partial<Testimony>]>([
    ["what only speaks of one", { title: "Fix batch 2026-02-18", body: "It was batch 2026-02-18.", branch: "fix/xz" }],
    ["what quotes a line within a sentence", { messages: ["ci: explain\n\nthe line `batch_id: 2026-02-18` is lost"] }],
    ["a template", { messages: ["ci: add\n\nbatch_id: $BATCH_ID\n"] }],
    [
      "the script's rollback",
      { messages: ["chore: rollback batch 2026-02-18\n\nbatch_id: 2026-02-18\nrollback_reason: manual"] },
    ],
    ["our rollback", { messages: ["chore(batch): rollback batch 2026-02-18\n\nBatchkeeper-Rollback: 2026-02-18"] }],
    ["a branch of a rollback, whatever its commits say", { branch: "rollback-batch-2026-02-18", messages: [PIPELINE] }],
    ["a branch of an undoing", { branch: "undo-rollback-batch-2026-02-18", messages: [PIPELINE] }],
    ["a revert", { title: 'Revert "feat(recipes): add batch 2026-02-18 recipes"', messages: [PIPELINE] }],
    ["a branch without a day", { branch: "batch/next" }],
    ["a day of another prefix", { branch: "release/20260218" }],
  ])("%s", ([, testimony]) => expect(idsOf(testimony)).toEqual([]));
});

test("the ecosystems are those of its ids, its lines and its numbers", () => {
  const ecosystems = (testimony: Partial<Testimony>) => {
    const whole = { ...silent, ...testimony };
    return batchEcosystems(whole, batchClaim(whole, "batch/"));
  };
  expect(ecosystems({ messages: [PIPELINE] })).toEqual(["homebrew"]);
  expect(ecosystems({ messages: ["x\n\nBatch generation of 4 packages (2 crates.io, 5 npm).\n"] })).toEqual([
    "crates.io",
    "npm",
  ]);
  expect(ecosystems({ branch: "batch/pypi-20260131-000000" })).toEqual(["pypi"]);
  const title = "feat(recipes): add batch 2026-02-18-homebrew recipes";
  expect(ecosystems({ title, branch: "batch/20260218-101500" })).toEqual(["homebrew"]);
});
