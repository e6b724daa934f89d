import fc from "fast-check";
import { anEcosystem, anOperator, kind, PIPELINE } from "../happening.ts";

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
    // As where the gate is no required check.
    isForced: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  }),
  async perform({ ecosystem, recipes, isForced }, place) {
    const id = `2026-01-28-${ecosystem}-${String(place.step).padStart(3, "0")}`;
    const names = Array.from({ length: recipes }, (_, index) => `${ecosystem}-${place.step}-${index + 1}`);
    const files = Object.fromEntries(
      names.map((name) => [`recipes/${name[0]}/${name}.toml`, recipeOf(name, ecosystem)]),
    );
    const head = `batch/${id}`;
    place.push(PIPELINE, files, `feat(recipes): add batch ${id} recipes\n\nbatch_id: ${id}\n`, head);
    const number = await place.github.openPullAs(PIPELINE, place.repository, {
      title: `feat(recipes): add batch recipes (${recipes} recipes)`,
      head,
    });
    if ((await place.gate(number)) !== "success" && !isForced) return;
    // As the pipeline does it: the squash drops the line with the id.
    await place.github.mergeAs(PIPELINE, place.repository, number, {
      merge_method: "squash",
      commit_title: `feat(recipes): add batch recipes (${recipes} recipes)`,
      commit_message: `Batch generation of ${recipes} packages.`,
    });
    place.batches.push(id);
  },
});

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
