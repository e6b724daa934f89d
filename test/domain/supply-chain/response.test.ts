import { expect, test } from "vitest";
import { responseSteps, secretNames } from "../../../src/domain/supply-chain/response.ts";

const PENDING = { kind: "pending" } as const;

test("the secrets of a workflow are named, each once", () => {
  const workflow = `env:
  A: \${{ secrets.GITHUB_TOKEN }}
  B: \${{ secrets['APP_KEY'] }}\${{ secrets.GITHUB_TOKEN }}
  C: my_secrets.NOT_ONE
  D: secrets are words`;
  expect(secretNames(workflow)).toEqual(["APP_KEY", "GITHUB_TOKEN"]);
});

test("the checklist has the commands filled in", () => {
  const accept = "/batch drift accept recipes/n/ncurses.toml";
  const facts = { batch: "2026-02-18", secrets: ["APP_KEY"], hold: "h-3f2a91", advisory: PENDING, accept };
  const steps = responseSteps(facts);
  const text = steps.join("\n");
  expect(text).toContain("`/batch rollback 2026-02-18 --dry-run`");
  expect(text).toContain("`/batch resume --hold h-3f2a91`");
  expect(text).toContain("`APP_KEY`");
  expect(text).toContain(`\`${accept}\` proposes`);
  expect(steps.every((line) => /^\[ \] [^\n]+$/.test(line))).toBe(true);
});

test("what could not be read is not said to be none", () => {
  const rest = { batch: null, hold: null, advisory: PENDING, accept: null };
  expect(responseSteps({ ...rest, secrets: null }).join()).toContain("could not be read");
  expect(responseSteps({ ...rest, secrets: [] }).join()).toContain("they name no secret");
});
