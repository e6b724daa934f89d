import { z } from "zod";
import { touchedPaths } from "../domain/batches/retrace.ts";
import type { RollbackFacts } from "../domain/batches/rollback-plan.ts";
import { changesBetween, type PathChange } from "../domain/batches/tree-change.ts";
import type { Landing } from "./batch-pull.ts";
import type { BatchPlace, Tip } from "./find-batch.ts";
import { laterCommits } from "./later-commits.ts";
import { readRecipes } from "./recipe-text.ts";
import { type RecipeTree, readRecipeTree } from "./recipe-tree.ts";
import type { Repository } from "./repository.ts";

/** A landing, and what the pull request behind it had, which tells a rebase. */
export interface Arrival {
  readonly landing: Landing;
  /** Commits of the pull request; 1 when there was none. */
  readonly commits: number;
  /** Their headlines, oldest first, as far as they were read. */
  readonly headlines: readonly string[];
}

// A pull request lists at most 250 commits (GitHub documentation, "List commits on a pull request").
const MOST_COMMITS = 100;

/**
 * Reads everything that a rollback is decided from: for each arrival two trees, each once, the tree of today, the texts of today's
 * recipes, and who changed what is no longer as it was left. Calls do not grow with the recipes, but by one for every
 * hundred that somebody changed.
 */
export async function readRollbackFacts(
  repository: Repository,
  tip: Tip,
  arrivals: readonly Arrival[],
  place: BatchPlace,
): Promise<RollbackFacts> {
  const { recipes: path } = place;
  const trees = new Map<string | null, Promise<RecipeTree>>();
  // What one pull request left is often what the next one found, and what is there today.
  const read: TreeReader = (tree) => trees.getOrInsertComputed(tree, () => readRecipeTree(repository, tree, path));
  const [today, introductions] = await Promise.all([
    read(tip.recipes),
    Promise.all(arrivals.map((arrival) => readChanges(repository, arrival, path, read))),
  ]);
  const [texts, since] = await Promise.all([
    readRecipes(repository, today),
    laterCommits(repository, touchedPaths(introductions, today.files), {
      head: tip.sha,
      date: arrivals.map(({ landing }) => landing.date).sort()[0] ?? "",
      landings: new Set(arrivals.map(({ landing }) => landing.sha)),
      ...place,
    }),
  ]);
  return { introductions, now: today.files, since, recipes: texts };
}

type TreeReader = (tree: string | null) => Promise<RecipeTree>;

async function readChanges(
  repository: Repository,
  arrival: Arrival,
  path: string,
  read: TreeReader,
): Promise<{ readonly changes: readonly PathChange[] }> {
  const beforeTree = await treeBefore(repository, arrival, path);
  const [before, after] = await Promise.all([read(beforeTree), read(arrival.landing.after)]);
  return { changes: changesBetween(before.files, after.files) };
}

const historyShape = z.object({
  repository: z.object({
    object: z
      .object({
        history: z.object({
          nodes: z.array(
            z.object({ message: z.string(), file: z.object({ oid: z.string(), type: z.string() }).nullable() }),
          ),
        }),
      })
      .nullable(),
  }),
});

const HISTORY = `query RebasedCommits($owner: String!, $name: String!, $sha: GitObjectID!, $recipes: String!, $first: Int!) {
  repository(owner: $owner, name: $name) { object(oid: $sha) { ... on Commit {
    history(first: $first) { nodes { message file(path: $recipes) { oid type } } } } } }
}`;

/**
 * The tree of the recipes before a pull request was merged. A squash and a merge commit have it as their first parent's; a
 * rebase put each of several commits onto the default branch, of which GitHub names the last.
 */
async function treeBefore(
  repository: Repository,
  { landing, commits, headlines }: Arrival,
  recipes: string,
): Promise<string | null> {
  if (commits < 2 || landing.parents > 1) return landing.before;
  const first = Math.min(commits, MOST_COMMITS - 1) + 1;
  const answer: unknown = await repository.octokit.graphql(HISTORY, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    sha: landing.sha,
    recipes,
    first,
  });
  const nodes = historyShape.parse(answer).repository.object?.history.nodes ?? [];
  const rebased = nodes.slice(0, commits).toReversed();
  const isRebase =
    rebased.length === commits &&
    headlines.every((headline, index) => rebased[index]?.message.split("\n", 1)[0] === headline);
  if (!isRebase) return landing.before;
  const before = nodes[commits]?.file;
  return before?.type === "tree" ? before.oid : null;
}
