import { createHash } from "node:crypto";
import { publisher } from "../download/publisher.ts";
import { REPOSITORY, type World } from "./world.ts";

export const RECIPE = "recipes/n/ncurses.toml";

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A host that publishes files, and a recipe for each, brought by a batch. */
export async function publish(
  world: World,
  files: Readonly<Record<string, string>>,
  recipe: (base: string) => Readonly<Record<string, string>>,
) {
  const { base, ...published } = await publisher(files);
  return { ...published, base, number: await batchBrings(world, recipe(base)) };
}

/** A batch of homebrew brings recipes; the number of its merged pull request. */
export async function batchBrings(world: World, recipes: Readonly<Record<string, string>>): Promise<number> {
  const batch = "feat(recipes): add batch 2026-02-18-homebrew";
  const head = "batch/20260218-101500";
  world.github.pushAs("olga", REPOSITORY, head, recipes, batch);
  const number = await world.github.openPullAs("olga", REPOSITORY, { title: `${batch} recipes`, head });
  await world.github.mergeAs("olga", REPOSITORY, number, { merge_method: "squash" });
  await world.quiet();
  return number;
}

/** A recipe that downloads something. */
export function download(url: string, checksum: string, more = ""): string {
  return `[metadata]\nname = "x"\n\n[[steps]]\naction = "download"\nurl = "${url}"\n${checksum}\n${more}`;
}

/** The latest pull request that would accept the checksum of now. */
export function proposal(world: World) {
  return world.pulls().findLast(({ head }) => head.startsWith("batchkeeper/accept-drift-"));
}
