import fc from "fast-check";
import { recipePath } from "../download.ts";
import { anEcosystem, anOperator, kind, PIPELINE } from "../happening.ts";
import type { Place } from "../place.ts";

/** Whether a batch is merged although its gate says no, as where the gate is no required check. */
export const mergedOrNot = fc.oneof(
  { weight: 4, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

/** More than one of these is for two (`configurationText`). */
const MOST_RECIPES = 3;

/**
 * The pipeline makes a batch, and merges it if its gate lets it pass, sometimes also if not, which is an incident. One that is
 * stopped stays open, and what its gate says is compared at the end.
 */
export const batch = kind({
  name: "batch",
  weight: 5,
  details: fc.record({
    ecosystem: anEcosystem,
    recipes: fc.integer({ min: 1, max: MOST_RECIPES }),
    isForced: mergedOrNot,
  }),
  async perform({ ecosystem, recipes, isForced }, place) {
    const names = Array.from({ length: recipes }, (_, index) => `${ecosystem}-${place.step}-${index + 1}`);
    const files = Object.fromEntries(names.map((name) => [recipePath(name), recipeOf(name, ecosystem)]));
    await bringBatch(place, { ecosystem, recipes: files, isForced });
  },
});

/** The pipeline opens the pull request of a batch, and merges it if its gate or somebody lets it. Resolves to whether it did. */
export async function bringBatch(
  place: Place,
  {
    ecosystem,
    recipes,
    isForced,
  }: { readonly ecosystem: string; readonly recipes: Readonly<Record<string, string>>; readonly isForced: boolean },
): Promise<boolean> {
  const id = `2026-01-28-${ecosystem}-${String(place.step).padStart(3, "0")}`;
  const count = Object.keys(recipes).length;
  const title = `feat(recipes): add batch recipes (${count} recipes)`;
  const head = `batch/${id}`;
  place.push(PIPELINE, recipes, `feat(recipes): add batch ${id} recipes\n\nbatch_id: ${id}\n`, head);
  const number = await place.github.openPullAs(PIPELINE, place.repository, { title, head });
  if ((await place.gate(number)) !== "success" && !isForced) return false;
  // As the pipeline does it: the squash drops the line with the id.
  await place.github.mergeAs(PIPELINE, place.repository, number, {
    merge_method: "squash",
    commit_title: title,
    commit_message: `Batch generation of ${count} packages.`,
  });
  place.batches.push(id);
  return true;
}

/** Somebody takes a batch back; a large one is for two. The pull request is merged, or waits for whoever reviews it. */
export const rollback = kind({
  name: "rollback",
  weight: 4,
  details: fc.record({
    by: anOperator,
    which: fc.nat({ max: 9 }),
    rest: fc.constantFrom("", " --dry-run", " — broken downloads", " --undo"),
    isMerged: fc.boolean(),
  }),
  async perform({ by, which, rest, isMerged }, place) {
    const { github, repository, batches } = place;
    const id = batches[which % Math.max(1, batches.length)] ?? "2026-01-28-404";
    await place.answered(await place.comment(by, `/batch rollback ${id}${rest}`));
    const pull = github
      .pulls(repository)
      .find(({ head, state }) => head.endsWith(`rollback-batch-${id}`) && state === "open");
    if (isMerged && pull !== undefined) await github.mergeAs(PIPELINE, repository, pull.number);
  },
});

function recipeOf(name: string, ecosystem: string): string {
  const action = ecosystem === "pypi" ? "pipx" : ecosystem;
  return `[metadata]\nname = "${name}"\n\n[[steps]]\naction = "${action}"\nformula = "${name}"\n`;
}
