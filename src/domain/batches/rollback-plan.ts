import { commitsBetween, isSweep, type LaterCommit } from "./later-commit.ts";
import { type Glob, globMatches } from "./path-glob.ts";
import { dependentsByName, type Recipe, recipeName } from "./recipe.ts";
import { changesByPath, type Retrace, retrace } from "./retrace.ts";
import type { PathChange, Tree, TreeFile } from "./tree-change.ts";

/** Everything that a rollback is decided from. Paths are those below the folder of the recipes; all else never counts. */
export interface RollbackFacts {
  /** What the batch did, in the order in which it reached the default branch. */
  readonly introductions: readonly { readonly changes: readonly PathChange[] }[];
  /** The recipes as the default branch has them. */
  readonly now: Tree;
  /** For paths that are not as the batch left them: what changed them since, newest first. */
  readonly since: ReadonlyMap<string, readonly LaterCommit[]>;
  /** What the recipes of the default branch say of themselves. */
  readonly recipes: ReadonlyMap<string, Recipe>;
}

/** What the operator asked for. */
export interface RollbackWish {
  /** Only what one of these means; everything when there are none. */
  readonly only: readonly Glob[];
  /** Whether what only sweeps touched since is taken back as well. */
  readonly includeSwept: boolean;
  /** The folder of the recipes, `recipes/`. */
  readonly recipes: string;
}

/** What becomes of one path of the batch. */
export type PlannedPath = { readonly path: string } & (
  | (Taken & { readonly action: "delete"; readonly dependents: readonly string[] })
  | (Taken & { readonly action: "restore"; readonly to: TreeFile })
  | { readonly action: "keep"; readonly why: KeepReason }
  /** Nothing is left to take back; what removed it, newest first, and where its content is now. */
  | { readonly action: "gone"; readonly since: readonly LaterCommit[]; readonly movedTo: string | null }
  /** As it was before the batch. */
  | { readonly action: "as-before" }
);

interface Taken {
  /** Sweeps that are taken back with it. */
  readonly swept: readonly LaterCommit[];
  /** Whether older changes of the batch stay in it, because a person changed it in between. */
  readonly isPartial: boolean;
}

export type KeepReason =
  /** Somebody changed it since: by these commits, newest first, so far as GitHub tells. */
  | { readonly kind: "changed"; readonly since: readonly LaterCommit[]; readonly onlySwept: boolean }
  | { readonly kind: "curated" }
  /** To restore it would remove what stands at this other path now. */
  | { readonly kind: "in-the-way"; readonly other: string }
  | { readonly kind: "not-chosen" };

/** What a rollback would do, path by path, sorted. */
export type RollbackPlan = readonly PlannedPath[];

/** The paths that a plan changes. */
export type ChangedPath = Extract<PlannedPath, { readonly action: "delete" | "restore" }>;

/** Decides what becomes of every recipe of a batch. Nothing that a person wrote is ever taken back unasked. */
export function planRollback(facts: RollbackFacts, wish: RollbackWish): RollbackPlan {
  const paths = [...changesByPath(facts.introductions)].sort(([a], [b]) => (a < b ? -1 : 1));
  const pathsBySha = new Map([...facts.now].map(([path, { sha }]) => [sha, path]));
  const planned = paths.map(([path, changes]) => planPath(path, changes, { facts, wish, pathsBySha }));
  return withDependents(withObstacles(planned, facts.now), facts.recipes);
}

/** The paths of a plan that are deleted or restored. */
export function changedPaths(plan: RollbackPlan): readonly ChangedPath[] {
  return plan.filter((planned) => planned.action === "delete" || planned.action === "restore");
}

/** What all decisions of one plan look at. */
interface Context {
  readonly facts: RollbackFacts;
  readonly wish: RollbackWish;
  readonly pathsBySha: ReadonlyMap<string, string>;
}

function planPath(path: string, changes: readonly PathChange[], context: Context): PlannedPath {
  const { facts, wish, pathsBySha } = context;
  const now = facts.now.get(path) ?? null;
  const traced = retrace(now, changes);
  const since = facts.since.get(path) ?? [];
  switch (traced.kind) {
    case "as-before":
      return { path, action: "as-before" };
    case "gone":
      return { path, action: "gone", since, movedTo: pathsBySha.get(traced.left.sha) ?? null };
    case "touched": {
      const chain = commitsBetween(traced.left, now, since);
      const onlySwept = chain?.every(isSweep) === true;
      const other = keepReason(path, context);
      if (onlySwept && wish.includeSwept && other === null) {
        // As if the sweeps had not been: what they worked on is what the batch left.
        return take(path, retrace(traced.left, changes), chain);
      }
      const isTold = other === null || (other.kind === "curated" && !(onlySwept && wish.includeSwept));
      return { path, action: "keep", why: isTold ? { kind: "changed", since: chain ?? since, onlySwept } : other };
    }
    case "untouched": {
      const why = keepReason(path, context);
      return why === null ? take(path, traced, []) : { path, action: "keep", why };
    }
  }
}

function keepReason(path: string, { facts, wish }: Context): KeepReason | null {
  if (wish.only.length > 0 && !wish.only.some((glob) => globMatches(glob, path, wish.recipes))) {
    return { kind: "not-chosen" };
  }
  const recipe = facts.recipes.get(path);
  return recipe?.kind === "read" && recipe.isCurated ? { kind: "curated" } : null;
}

function take(path: string, traced: Retrace, swept: readonly LaterCommit[]): PlannedPath {
  if (traced.kind !== "untouched") return { path, action: "as-before" };
  const { to, isPartial } = traced;
  return to === null
    ? { path, action: "delete", swept, isPartial, dependents: [] }
    : { path, action: "restore", to, swept, isPartial };
}

/** Keeps what could only be restored over something else: a file where its folder should be, or files below it. */
function withObstacles(plan: RollbackPlan, now: Tree): RollbackPlan {
  const deleted = deletedPaths(plan);
  const staying = [...now.keys()].filter((path) => !deleted.has(path));
  const folders = new Map(staying.flatMap((path) => foldersOf(path).map((folder) => [folder, path] as const)));
  const files = new Set(staying);
  return plan.map((planned) => {
    if (planned.action !== "restore") return planned;
    const { path } = planned;
    const other = folders.get(path) ?? foldersOf(path).find((folder) => files.has(folder));
    return other === undefined ? planned : { path, action: "keep", why: { kind: "in-the-way", other } };
  });
}

/** Names the recipes that stay and need one that goes. */
function withDependents(plan: RollbackPlan, recipes: ReadonlyMap<string, Recipe>): RollbackPlan {
  const deleted = deletedPaths(plan);
  const needed = dependentsByName(recipes);
  return plan.map((planned) => {
    if (planned.action !== "delete") return planned;
    const dependents = (needed.get(recipeName(planned.path)) ?? []).filter((path) => !deleted.has(path));
    return { ...planned, dependents };
  });
}

function deletedPaths(plan: RollbackPlan): ReadonlySet<string> {
  return new Set(plan.flatMap(({ action, path }) => (action === "delete" ? [path] : [])));
}

/** The folders that a path lies in, outermost first. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
