import { fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { type Happening, happenings, RecipeModel, type Step } from "../domain/batches/random-history.ts";
import { BEGINNING } from "./beginning.ts";
import { REPOSITORY, World } from "./world.ts";

const TODAY = new Date(BEGINNING).toISOString().slice(0, 10);
const IDS = [TODAY, `${TODAY}-homebrew`, `${TODAY}-002`];
// Each is some dozens of calls to two servers; the pure plan meets thousands of histories.
const HISTORIES = 8;

/** Makes what happened in a model happen on GitHub, by the hands that would do it there. */
class Told {
  readonly world: World;
  readonly model = new RecipeModel();
  #batches = 0;

  constructor(world: World) {
    this.world = world;
  }

  async happen(happening: Happening): Promise<void> {
    const step = this.model.step(happening);
    if (step.files.size === 0) return;
    if (happening.kind === "batch") await this.#batch(happening, step);
    else this.world.github.pushAs("rita", REPOSITORY, "main", Object.fromEntries(step.files), happening.kind);
    this.model.apply(step);
  }

  /** One commit, or two where there are files for two: a rebase then leaves both on the default branch. */
  async #batch({ id, how }: Extract<Happening, { kind: "batch" }>, { files }: Step): Promise<void> {
    const { github } = this.world;
    this.#batches += 1;
    const head = `batch/${TODAY.replaceAll("-", "")}-${String(this.#batches).padStart(6, "0")}`;
    const entries = [...files];
    const message = `feat(recipes): add batch ${IDS[id]} recipes\n\nbatch_id: ${IDS[id]}\n`;
    github.pushAs("pipeline", REPOSITORY, head, Object.fromEntries(entries.slice(0, 1)), message);
    const rest = entries.slice(1);
    if (rest.length > 0) github.pushAs("pipeline", REPOSITORY, head, Object.fromEntries(rest), "more of it");
    const number = await github.openPullAs("pipeline", REPOSITORY, { title: "feat(recipes): recipes", head });
    const words = how === "squash" ? { commit_title: "feat(recipes): recipes", commit_message: "A batch." } : {};
    await github.mergeAs("pipeline", REPOSITORY, number, { merge_method: how, ...words });
  }

  async merge(branch: string): Promise<void> {
    const pull = this.world.pulls().findLast(({ head }) => head === branch);
    await this.world.github.mergeAs("oscar", REPOSITORY, pull?.number ?? 0, { merge_method: "squash" });
    await this.world.quiet();
  }

  /** Everything on the default branch, byte for byte. */
  tree(): Record<string, string> {
    return this.world.github.entriesAt(REPOSITORY);
  }
}

async function begin(): Promise<Told> {
  const { files } = new RecipeModel();
  const world = await World.start({
    files: { "recipes/c/cmake.toml": null, ...Object.fromEntries(files) },
    collaborators: { pipeline: "write", oscar: "write" },
  });
  return new Told(world);
}

async function check(history: readonly Happening[], id: number, includeSwept: boolean): Promise<void> {
  const told = await begin();
  const { world, model } = told;
  try {
    for (const happening of history) await told.happen(happening);
    await world.quiet();
    const before = told.tree();
    const branch = `rollback-batch-${IDS[id]}`;
    await world.comment("olga", `/batch rollback ${IDS[id]} --all${includeSwept ? " --include-swept" : ""}`);
    const expected = (path: string) => model.afterRollback(path, id, includeSwept);
    const changes = model.paths().some((path) => expected(path) !== (model.files.get(path) ?? null));
    expect(world.pulls().some(({ head }) => head === branch)).toBe(changes);
    if (!changes) return;
    await told.merge(branch);
    for (const path of model.paths()) {
      expect([path, world.github.fileAt(REPOSITORY, path)]).toEqual([path, expected(path)]);
    }
    await world.comment("olga", `/batch rollback ${IDS[id]} --undo`);
    await told.merge(`undo-${branch}`);
    expect(told.tree()).toEqual(before);
  } finally {
    await world.close();
  }
}

describe("histories of any kind, on GitHub", () => {
  test("the batch is taken back exactly, nothing else changes, and undo restores the tree", {
    timeout: 120_000,
  }, async () => {
    const histories = fc.tuple(happenings(8), fc.nat({ max: 2 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(histories, ([history, id, includeSwept]) => check(history, id, includeSwept)),
      { numRuns: HISTORIES, endOnFailure: true },
    );
  });
});
