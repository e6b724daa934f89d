import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { touchedPaths } from "../../../src/domain/batches/retrace.ts";
import { changedPaths, planRollback } from "../../../src/domain/batches/rollback-plan.ts";
import {
  commitOf,
  type Happening,
  happenings,
  laterCommitsOf,
  type ModelCommit,
  RecipeModel,
  treeOf,
} from "./random-history.ts";

interface Told {
  readonly model: RecipeModel;
  readonly commits: readonly ModelCommit[];
}

function tell(history: readonly Happening[]): Told {
  const model = new RecipeModel();
  const commits: ModelCommit[] = [];
  for (const happening of history) {
    const before = new Map(model.files);
    const step = model.step(happening);
    model.apply(step);
    commits.push(commitOf(step.actor, before, model.files));
  }
  return { model, commits };
}

/** The files once the plan of taking some commits back is carried out. */
function takenBack(
  files: ReadonlyMap<string, string>,
  commits: readonly ModelCommit[],
  isMeant: (commit: ModelCommit) => boolean,
  includeSwept = false,
): ReadonlyMap<string, string> {
  const introductions = commits.filter(isMeant);
  const now = treeOf(files);
  const others = commits.filter((commit) => !isMeant(commit));
  const since = new Map(touchedPaths(introductions, now).map((path) => [path, laterCommitsOf(path, others)]));
  const wish = { only: [], includeSwept, recipes: "recipes/" };
  const plan = planRollback({ introductions, now, since, recipes: new Map() }, wish);
  const after = new Map(files);
  for (const change of changedPaths(plan)) {
    if (change.action === "delete") after.delete(change.path);
    else after.set(change.path, change.to.sha);
  }
  return after;
}

const isOfBatch = (id: number) => (commit: ModelCommit) => commit.actor.kind === "batch" && commit.actor.id === id;

describe("a batch of any history", () => {
  test.prop([happenings(14), fc.nat({ max: 2 }), fc.boolean()])(
    "is taken back where nobody touched it, and nothing else changes",
    (history, id, includeSwept) => {
      const { model, commits } = tell(history);
      const after = takenBack(model.files, commits, isOfBatch(id), includeSwept);
      for (const path of new Set([...model.paths(), ...after.keys()])) {
        expect([path, after.get(path) ?? null]).toEqual([path, model.afterRollback(path, id, includeSwept)]);
      }
    },
  );

  test.prop([happenings(14), fc.nat({ max: 2 }), fc.boolean()])(
    "takes nothing with it that a person wrote",
    (history, id, includeSwept) => {
      const { model, commits } = tell(history);
      const after = takenBack(model.files, commits, isOfBatch(id), includeSwept);
      const written = [...model.files].filter(([, content]) => content.startsWith("person"));
      for (const [path, content] of written) {
        if (content.includes("swept") && includeSwept) expect(after.has(path)).toBe(true);
        else expect([path, after.get(path)]).toEqual([path, content]);
      }
    },
  );

  test.prop([happenings(14), fc.nat({ max: 2 }), fc.boolean()])(
    "comes back exactly when the rollback is undone, and rolling back twice is rolling back once",
    (history, id, includeSwept) => {
      const { model, commits } = tell(history);
      const after = takenBack(model.files, commits, isOfBatch(id), includeSwept);
      const rollback = commitOf({ kind: "person" }, model.files, after);
      const everything = [...commits, rollback];
      expect(takenBack(after, everything, (commit) => commit === rollback)).toEqual(model.files);
      expect(takenBack(after, everything, isOfBatch(id), false)).toEqual(after);
    },
  );
});
