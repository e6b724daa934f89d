import { ROLLBACK_BRANCH } from "../batches/batch-claim.ts";
import { type Glob, matchesPath } from "../batches/path-glob.ts";

/** What makes a pull request a matter for the gate. */
export interface GatedPull {
  readonly branch: string;
  /** Paths that it changes. */
  readonly files: readonly string[];
  /** Whether this app opened it. */
  readonly isOwn: boolean;
}

/** Which pull requests are batches: the globs of `gate.pull_requests` and the folder of the recipes, without its last slash. */
export interface BatchPlace {
  readonly glob: Glob;
  readonly recipes: string;
}

/** What branches of this app's changes of the control file begin with. */
export const CONTROL_BRANCH = "batchkeeper/";

/**
 * What a pull request is to the gate: a batch, by its branch or because it changes recipes; this app's own way back, which a
 * stop must never hold; this app's change of the control file; or something else.
 */
export function gatedKind(pull: GatedPull, place: BatchPlace): "batch" | "rollback" | "control" | "other" {
  if (pull.isOwn && pull.branch.startsWith(ROLLBACK_BRANCH)) return "rollback";
  if (pull.isOwn && pull.branch.startsWith(CONTROL_BRANCH)) return "control";
  if (matchesPath(place.glob, pull.branch)) return "batch";
  return pull.files.some((path) => isRecipe(path, place)) ? "batch" : "other";
}

/** Whether a path is that of a recipe. */
export function isRecipe(path: string, { recipes }: BatchPlace): boolean {
  return path.startsWith(`${recipes}/`);
}
