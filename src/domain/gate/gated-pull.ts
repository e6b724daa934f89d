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
const CONTROL_BRANCH = "batchkeeper/";

/** What branches begin with that give a recipe the checksum of what its publisher gives now; they are none of the former. */
export const ACCEPTANCE_BRANCH = "batchkeeper/accept-drift-";

/** What a pull request is to the gate. */
export type GatedKind = "batch" | "rollback" | "acceptance" | "control" | "other";

/** Whether a branch is one of a change of the control file. */
export function isControlBranch(branch: string): boolean {
  return branch.startsWith(CONTROL_BRANCH) && !branch.startsWith(ACCEPTANCE_BRANCH);
}

/**
 * What a pull request is to the gate: a batch, by its branch or because it changes recipes; this app's own way back, which a
 * stop must never hold; a checksum that two people accept; this app's change of the control file; or something else.
 */
export function gatedKind(pull: GatedPull, place: BatchPlace): GatedKind {
  if (pull.isOwn && pull.branch.startsWith(ROLLBACK_BRANCH)) return "rollback";
  if (pull.isOwn && pull.branch.startsWith(ACCEPTANCE_BRANCH)) return "acceptance";
  if (pull.isOwn && isControlBranch(pull.branch)) return "control";
  if (matchesPath(place.glob, pull.branch)) return "batch";
  return pull.files.some((path) => isRecipe(path, place)) ? "batch" : "other";
}

/** Whether a path is that of a recipe. */
export function isRecipe(path: string, { recipes }: BatchPlace): boolean {
  return path.startsWith(`${recipes}/`);
}
