import { REPOSITORY, type World } from "./world.ts";

/** A batch pull request of a pipeline. */
export interface BatchPull {
  readonly branch?: string;
  readonly title?: string;
  readonly body?: string;
  /** Names in the results that it commits. */
  readonly results?: readonly string[];
  /** Recipes that it adds: name to the action of their step. */
  readonly recipes?: Readonly<Record<string, string>>;
  /** Whether somebody asked for its merge once all that is required is there. */
  readonly autoMerge?: { readonly headline?: string; readonly body?: string };
}

/** Opens a batch pull request, as a pipeline does, and waits until all that follows is done. Returns the number. */
export async function openBatch(world: World, pull: BatchPull): Promise<number> {
  const { branch = `batch/${world.pulls().length}`, title = "Add recipes", body = "", results, recipes = {} } = pull;
  const files: Record<string, string> = Object.fromEntries(
    Object.entries(recipes).map(([name, action]) => [`recipes/${name[0]}/${name}.toml`, recipe(action)]),
  );
  if (results !== undefined) {
    const per_ecosystem = Object.fromEntries(results.map((name) => [name, { succeeded: 1, failed: 0 }]));
    files["data/queues/batch-results.json"] = JSON.stringify({ per_ecosystem });
  }
  if (Object.keys(files).length === 0) files["data/queues/log.txt"] = branch;
  world.github.pushAs("acme", REPOSITORY, branch, files, "chore(recipes): add batch recipes");
  const number = await world.github.openPullAs("acme", REPOSITORY, { title, head: branch, body });
  if (pull.autoMerge !== undefined) await world.github.autoMergeAs("acme", REPOSITORY, number, pull.autoMerge);
  await world.quiet();
  return number;
}

function recipe(action: string): string {
  return `[metadata]\nname = "x"\n\n[[steps]]\naction = "${action}"\n`;
}

/** What the gate of a pull request says; null when it has none. */
export function gateOf(world: World, number: number, name = "Batch gate") {
  const pull = world.pulls().find((candidate) => candidate.number === number);
  const checks = world.github.checks(REPOSITORY, pull?.headSha ?? "");
  return checks.find((check) => check.isOurs && check.name === name) ?? null;
}

export function pullOf(world: World, number: number) {
  const pull = world.pulls().find((candidate) => candidate.number === number);
  if (pull === undefined) throw new Error(`There is no pull request ${number}.`);
  return pull;
}
