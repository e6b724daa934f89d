import type { TreeFile } from "./tree-change.ts";

/** A commit of the default branch that changed one path after a batch did. */
export interface LaterCommit {
  readonly sha: string;
  readonly url: string;
  readonly headline: string;
  /** Login of the author, or the name in the commit when it belongs to no account. */
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  /** Blob of the path before and after it; null where the path was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** How many recipes it touched; null when that could not be told. */
  readonly recipes: number | null;
  /** Whether it was a batch itself: that one has many recipes too, and is no sweep. */
  readonly isBatch: boolean;
}

/** A commit over this many recipes changed the repository, not a recipe. */
export const SWEEP_OVER = 50;

/** Whether a commit was a repository-wide sweep: a formatter, a renamed key, a licence header. */
export function isSweep({ recipes, isBatch }: LaterCommit): boolean {
  return recipes !== null && recipes > SWEEP_OVER && !isBatch;
}

/**
 * The commits that lead from one content of a path to another, newest first: each begins with what the one before it left.
 * Null when they do not explain everything that lies between, because GitHub listed too few or a mode changed. Then
 * nobody may say that only sweeps touched the path.
 */
export function commitsBetween(
  from: TreeFile | null,
  to: TreeFile | null,
  commits: readonly LaterCommit[],
): readonly LaterCommit[] | null {
  const chain: LaterCommit[] = [];
  let content = to?.sha ?? null;
  for (const commit of commits) {
    if (content === (from?.sha ?? null)) break;
    if (commit.after !== content) return null;
    chain.push(commit);
    content = commit.before;
  }
  return content === (from?.sha ?? null) && chain.length > 0 && from?.mode === to?.mode ? chain : null;
}
