import { describe, expect, test } from "vitest";
import type { LaterCommit } from "../../../src/domain/batches/later-commit.ts";
import { needsSecondOperator, planManifest } from "../../../src/domain/batches/plan-manifest.ts";
import { readRecipe } from "../../../src/domain/batches/recipe.ts";
import { planRollback, type RollbackFacts } from "../../../src/domain/batches/rollback-plan.ts";
import type { PathChange, TreeFile } from "../../../src/domain/batches/tree-change.ts";

const A = "recipes/a/a.toml";
const B = "recipes/b/b.toml";
const file = (sha: string, mode = "100644"): TreeFile => ({ mode, sha });
const change = (path: string, before: string | null, after: string | null): PathChange => ({
  path,
  before: before === null ? null : file(before),
  after: after === null ? null : file(after),
});
const tree = (files: Readonly<Record<string, string | TreeFile>>) =>
  new Map(Object.entries(files).map(([path, at]) => [path, typeof at === "string" ? file(at) : at]));
const commit = (before: string | null, after: string | null, more: Partial<LaterCommit> = {}): LaterCommit => ({
  sha: `${before}-${after}`,
  url: "",
  headline: "",
  author: "rita",
  date: "",
  before,
  after,
  recipes: 1,
  isBatch: false,
  ...more,
});
const sweep = (before: string, after: string) => commit(before, after, { recipes: 51 });
const wish = { only: [] as string[], includeSwept: false, recipes: "recipes/" };

interface Case extends Partial<Omit<RollbackFacts, "introductions">> {
  readonly changes: readonly (readonly PathChange[])[];
}

function plan({ changes, ...facts }: Case, asked: Partial<typeof wish> = {}) {
  const introductions = changes.map((some) => ({ changes: some }));
  const whole = { introductions, now: new Map(), since: new Map(), recipes: new Map(), ...facts };
  return planRollback(whole, { ...wish, ...asked });
}

describe("a path of a batch", () => {
  const added = [[change(A, null, "v1")]];
  const changed = [[change(A, "v0", "v1")]];
  const removed = [[change(A, "v0", null)]];

  test("that was added and not touched is deleted", () => {
    expect(plan({ changes: added, now: tree({ [A]: "v1" }) })).toMatchObject([{ action: "delete" }]);
  });

  test("that was changed or removed and not touched is restored", () => {
    expect(plan({ changes: changed, now: tree({ [A]: "v1" }) })).toMatchObject([{ action: "restore", to: file("v0") }]);
    expect(plan({ changes: removed })).toMatchObject([{ action: "restore", to: file("v0") }]);
  });

  test("that somebody changed is kept, and so is one that somebody put where the batch had removed it", () => {
    const since = new Map([[A, [commit("v1", "v2")]]]);
    expect(plan({ changes: added, now: tree({ [A]: "v2" }), since })).toMatchObject([
      { action: "keep", why: { kind: "changed", since: [{ author: "rita" }], onlySwept: false } },
    ]);
    expect(plan({ changes: removed, now: tree({ [A]: "new" }) })).toMatchObject([{ action: "keep" }]);
  });

  test("whose mode changed is touched", () => {
    expect(plan({ changes: added, now: tree({ [A]: file("v1", "100755") }) })).toMatchObject([{ action: "keep" }]);
  });

  test("that is gone is gone, and where its content went is named", () => {
    expect(plan({ changes: added, now: tree({ "recipes/n/new.toml": "v1" }) })).toMatchObject([
      { action: "gone", movedTo: "recipes/n/new.toml" },
    ]);
  });

  test("that is as before is left alone", () => {
    expect(plan({ changes: changed, now: tree({ [A]: "v0" }) })).toMatchObject([{ action: "as-before" }]);
    expect(plan({ changes: [[change(A, null, "v1")], [change(A, "v1", null)]] })).toMatchObject([
      { action: "as-before" },
    ]);
  });

  test("that several pull requests changed goes back through all of them", () => {
    const twice = [[change(A, null, "v1")], [change(A, "v1", "v2")]];
    expect(plan({ changes: twice, now: tree({ [A]: "v2" }) })).toMatchObject([{ action: "delete", isPartial: false }]);
  });

  test("that a person changed in between goes back to what the person wrote", () => {
    const twice = [[change(A, null, "v1")], [change(A, "person", "v2")]];
    expect(plan({ changes: twice, now: tree({ [A]: "v2" }) })).toMatchObject([
      { action: "restore", to: file("person"), isPartial: true },
    ]);
  });
});

describe("a sweep", () => {
  const added = [[change(A, null, "v1")]];
  const now = tree({ [A]: "v3" });
  const swept = new Map([[A, [sweep("v2", "v3"), sweep("v1", "v2")]]]);
  const includeSwept = true;

  test("is recognised, and taken back with what it touched only if asked", () => {
    expect(plan({ changes: added, now, since: swept })).toMatchObject([{ action: "keep", why: { onlySwept: true } }]);
    expect(plan({ changes: added, now, since: swept }, { includeSwept })).toMatchObject([
      { action: "delete", swept: [{ sha: "v2-v3" }, { sha: "v1-v2" }] },
    ]);
  });

  test.for<[string, readonly LaterCommit[]]>([
    ["after a person's commit", [sweep("v2", "v3"), commit("v1", "v2")]],
    ["of fifty recipes", [commit("v2", "v3", { recipes: 50 }), sweep("v1", "v2")]],
    ["of which nobody knows how many it touched", [commit("v2", "v3", { recipes: null }), sweep("v1", "v2")]],
    ["that is a batch", [commit("v2", "v3", { recipes: 51, isBatch: true }), sweep("v1", "v2")]],
    ["behind commits that GitHub does not list", [sweep("v2", "v3")]],
    ["that did not lead to what is there", [sweep("v1", "v2")]],
  ])("%s takes nothing with it", ([, commits]) => {
    expect(plan({ changes: added, now, since: new Map([[A, commits]]) }, { includeSwept })).toMatchObject([
      { action: "keep" },
    ]);
  });

  test("of a curated recipe takes nothing with it", () => {
    const recipes = new Map([[A, readRecipe("[metadata]\ncurated = true\n")]]);
    expect(plan({ changes: added, now, since: swept, recipes }, { includeSwept })).toMatchObject([
      { action: "keep", why: { kind: "curated" } },
    ]);
  });
});

describe("a plan", () => {
  const both = [[change(A, null, "a1"), change(B, null, "b1")]];
  const now = tree({ [A]: "a1", [B]: "b1" });
  const needing = (name: string) => readRecipe(`dependencies = ["${name}"]\n`);

  test("names who needs what goes, unless they go too", () => {
    const recipes = new Map([
      [B, needing("a")],
      ["recipes/c/c.toml", needing("a")],
    ]);
    expect(plan({ changes: both, now, recipes })).toMatchObject([
      { dependents: ["recipes/c/c.toml"] },
      { dependents: [] },
    ]);
    expect(plan({ changes: both, now, recipes }, { only: ["a"] })).toMatchObject([
      { dependents: [B, "recipes/c/c.toml"] },
      {},
    ]);
  });

  test("keeps what was not chosen", () => {
    expect(plan({ changes: both, now }, { only: ["b"] })).toMatchObject([
      { action: "keep", why: { kind: "not-chosen" } },
      { action: "delete" },
    ]);
  });

  test("restores nothing over what stands in the way, and a file where only its own folder stood", () => {
    const replaced = [[change("recipes/a", "v0", null), change(A, null, "a1")]];
    expect(plan({ changes: replaced, now: tree({ [A]: "a1" }) })).toMatchObject([
      { action: "restore" },
      { action: "delete" },
    ]);
    expect(plan({ changes: replaced, now: tree({ [A]: "a1", "recipes/a/z.toml": "z" }) })).toMatchObject([
      { action: "keep", why: { kind: "in-the-way", other: "recipes/a/z.toml" } },
      { action: "delete" },
    ]);
    const inside = [[change("recipes/a/b/c.toml", "v0", null)]];
    expect(plan({ changes: inside, now: tree({ "recipes/a/b": "file" }) })).toMatchObject([
      { action: "keep", why: { kind: "in-the-way", other: "recipes/a/b" } },
    ]);
  });

  test("needs a second operator over the bound, and not at it", () => {
    const two = plan({ changes: both, now });
    const over = (rollback_over: number) => ({ operators: { second_operator: { rollback_over } } });
    expect([1, 2].map((bound) => needsSecondOperator(two, over(bound)))).toEqual([true, false]);
  });

  test("has a manifest that says base, paths and blobs, and nothing of what stays", () => {
    const changes = [[change(A, "a0", "a1"), change(B, null, "b1"), change("recipes/k\n.toml", null, "k")]];
    const made = plan({ changes, now: tree({ [A]: "a1", [B]: "b2", "recipes/k\n.toml": "k" }) });
    expect(planManifest({ base: "f00", plan: made })).toBe(
      `base f00\n100644 a0 "recipes/a/a.toml"\ndelete "recipes/k\\n.toml"`,
    );
  });
});
