import { expect, test } from "vitest";
import { responseChecklist, secretNames } from "../../../src/domain/supply-chain/response.ts";

test("the secrets of a workflow are named, each once", () => {
  const workflow = `env:
  A: \${{ secrets.GITHUB_TOKEN }}
  B: \${{ secrets['APP_KEY'] }}\${{ secrets.GITHUB_TOKEN }}
  C: my_secrets.NOT_ONE
  D: secrets are words`;
  expect(secretNames(workflow)).toEqual(["APP_KEY", "GITHUB_TOKEN"]);
});

test("the checklist has the commands filled in", () => {
  const text = responseChecklist({ batch: "2026-02-18", secrets: ["APP_KEY"], hold: "h-3f2a91" });
  expect(text).toContain("`/batch rollback 2026-02-18 --dry-run`");
  expect(text).toContain("`/batch resume --hold h-3f2a91`");
  expect(text).toContain("`APP_KEY`");
  expect(text.split("\n").every((line) => line.startsWith("- [ ] "))).toBe(true);
});

test("what could not be read is not said to be none", () => {
  expect(responseChecklist({ batch: null, secrets: null, hold: null })).toContain("could not be read");
  expect(responseChecklist({ batch: null, secrets: [], hold: null })).toContain("they name no secret");
});
