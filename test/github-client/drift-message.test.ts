import { expect, test } from "vitest";
import { driftMessage, readDriftMessage } from "../../src/github/drift-message.ts";

const record = {
  path: "recipes/@/node@20.toml",
  version: "20.1",
  changes: [
    {
      url: "https://a.example/@team/x y#fragment",
      from: { name: "sha256", digits: "a".repeat(64) },
      to: { name: "sha256", digits: "b".repeat(64) },
    },
  ],
  seenAt: "2026-11-29T22:00:00Z",
  incidentUrl: "https://github.test/acme/recipes/issues/3",
} as const;

test("a commit that accepts a drift mentions nobody, and tells what it is about", () => {
  const message = driftMessage(record, { events: ["1"] });
  expect(message).not.toContain("@");
  expect(message).toContain(
    `Batchkeeper-Drift: sha256:${"a".repeat(64)} sha256:${"b".repeat(64)} https://a.example/%40team/x%20y\n`,
  );
  const { path, version, incidentUrl } = record;
  expect(readDriftMessage(message)).toEqual({ path, version, incidentUrl, digits: ["b".repeat(64)] });
});

test("another commit tells nothing", () => {
  expect(readDriftMessage("chore(batch): stop homebrew\n\nBatchkeeper-Event: 1")).toBeNull();
});
