import { BEGINNING } from "./beginning.ts";
import { REPOSITORY, testIn, type World } from "./world.ts";

/** A test in a repository with a pipeline that merges its batches, and a second operator, oscar. */
export const test = testIn({ collaborators: { pipeline: "write", oscar: "write" } });

/** Today in UTC, as batches are named. */
export const TODAY = new Date(BEGINNING).toISOString().slice(0, 10);

/** A batch of the pipeline; what is not said is as the pipeline does it today. */
export interface BatchStory {
  /** Default: today. */
  readonly id?: string;
  /** Path to text; null deletes. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Branch below `batch/`. */
  readonly stamp?: string;
  readonly merged?: boolean;
  /** Who makes and merges it; default the pipeline. */
  readonly by?: string;
  /** What the squash says; without it, GitHub's default, which keeps the id. */
  readonly squash?: { readonly title: string; readonly body: string };
  readonly method?: "squash" | "merge" | "rebase";
}

let stamps = 0;

/** The pipeline makes a batch: a branch whose commit bears the id, and a pull request whose squash drops it. Returns the number. */
export async function makeBatch(world: World, story: BatchStory): Promise<number> {
  const { id = TODAY, files, merged = true, method = "squash", by = "pipeline" } = story;
  stamps += 1;
  const stamp = story.stamp ?? `${TODAY.replaceAll("-", "")}-${String(stamps).padStart(6, "0")}`;
  const head = `batch/${stamp}`;
  const count = Object.keys(files).length;
  const message = `feat(recipes): add batch ${id} recipes\n\nBatch generation of ${count} packages (${count} homebrew).\n\nbatch_id: ${id}\nbatch_size: ${count}\nsuccess_rate: 1.00\n`;
  world.github.pushAs(by, REPOSITORY, head, files, message);
  const title = `feat(recipes): add batch recipes (${count} recipes)`;
  const number = await world.github.openPullAs(by, REPOSITORY, { title, head });
  if (merged) {
    const { title: commit_title, body: commit_message } = story.squash ?? {
      title,
      body: `Batch generation of ${count} packages.`,
    };
    const words = method === "squash" ? { commit_title, commit_message } : {};
    await world.github.mergeAs(by, REPOSITORY, number, { merge_method: method, ...words });
  }
  await world.quiet();
  return number;
}

/** A recipe; what it needs by name. */
export function recipe(
  name: string,
  { needs = [], lines = "" }: { needs?: readonly string[]; lines?: string } = {},
): string {
  const dependencies = needs.length === 0 ? "" : `runtime_dependencies = ${JSON.stringify(needs)}\n`;
  return `[metadata]\nname = "${name}"\n${dependencies}${lines}\n[[steps]]\naction = "homebrew"\nformula = "${name}"\n`;
}

/** `recipes/c/cmake.toml`. */
export function pathOf(name: string): string {
  return `recipes/${name[0]}/${name}.toml`;
}

/** Recipes by path. */
export function recipesNamed(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [pathOf(name), recipe(name)]));
}
