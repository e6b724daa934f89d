import { expect, test } from "vitest";
import { judgePush, type Provenance, type PushFacts } from "../../../src/domain/supply-chain/judge-push.ts";

const SHA = "a".repeat(40);

function push(provenance: Provenance, change: Partial<PushFacts> = {}, recipes = ["recipes/j/jq.toml"]): PushFacts {
  const commit = {
    sha: SHA,
    url: `https://github.com/acme/recipes/commit/${SHA}`,
    author: "olga",
    provenance,
    recipes,
  };
  return { actor: "olga", isForced: false, before: "b".repeat(40), after: SHA, commits: [commit], ...change };
}

test("a recipe that came by a merged pull request is fine", () => {
  expect(judgePush(push({ kind: "merged", pull: 7 }))).toEqual([]);
});

test("a recipe that came without one is a direct push, with the commit, its author and the recipe", () => {
  expect(judgePush(push({ kind: "direct" }))).toEqual([
    {
      rule: "direct-push",
      subject: SHA,
      detail: expect.stringMatching(
        /^\[`aaaaaaaaaa`\]\(https:.*\), which names `olga` as its author: `recipes\/j\/jq.toml`$/,
      ),
    },
  ]);
});

test("a commit without recipes may come any way", () => {
  expect(judgePush(push({ kind: "direct" }, {}, []))).toEqual([]);
});

test("a rewritten history is told whatever its commits are", () => {
  const findings = judgePush(push({ kind: "merged", pull: 7 }, { isForced: true }));
  expect(findings).toMatchObject([{ rule: "force-push", subject: SHA, detail: expect.stringContaining("`olga`") }]);
});

test("a commit that is gone is unchecked, not sound and not a direct push", () => {
  expect(judgePush(push({ kind: "unknown" }))).toMatchObject([{ rule: "unchecked" }]);
});

test("hundreds of recipes are counted, not listed, and no name pings", () => {
  const recipes = Array.from({ length: 941 }, (_, index) => `recipes/@team/${index}.toml`);
  const [finding] = judgePush(push({ kind: "direct" }, {}, recipes));
  expect(finding?.detail).toContain("`recipes/@team/9.toml` and 931 more");
  expect(finding?.detail.replaceAll(/`[^`]*`/g, "")).not.toContain("@");
});
