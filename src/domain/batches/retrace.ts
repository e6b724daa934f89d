import { type PathChange, sameFile, type Tree, type TreeFile } from "./tree-change.ts";

/** What taking a batch back means for one path, before anybody's wishes. */
export type Retrace =
  /** The path is as a batch left it: so it was before that. */
  | {
      readonly kind: "untouched";
      readonly to: TreeFile | null;
      /** Whether it was changed by others between two changes of the batch, so that the older ones stay. */
      readonly isPartial: boolean;
    }
  /** The path is as it was before the batch: taken back already, by whomever. */
  | { readonly kind: "as-before" }
  /** The batch left a file here, and it is gone. */
  | { readonly kind: "gone"; readonly left: TreeFile }
  /** It is something else than what the batch left. */
  | { readonly kind: "touched"; readonly left: TreeFile | null };

/**
 * Walks back from a path's content through the changes that the batch made to it, newest first, as long as each left what
 * was found: what a person wrote in between stops it.
 *
 * @param changes of one path, oldest first; at least one
 */
export function retrace(now: TreeFile | null, changes: readonly PathChange[]): Retrace {
  let content = now;
  let steps = 0;
  for (const { before, after } of changes.toReversed()) {
    if (!sameFile(content, after)) break;
    content = before;
    steps += 1;
  }
  const original = changes[0]?.before ?? null;
  if (steps > 0) {
    if (sameFile(content, now)) return { kind: "as-before" };
    return { kind: "untouched", to: content, isPartial: !sameFile(content, original) };
  }
  const left = changes.at(-1)?.after ?? null;
  if (now === null && left !== null) return { kind: "gone", left };
  if (sameFile(now, original)) return { kind: "as-before" };
  return { kind: "touched", left };
}

/** The changes of several commits by path, each path's oldest first. */
export function changesByPath(
  introductions: readonly { readonly changes: readonly PathChange[] }[],
): ReadonlyMap<string, readonly PathChange[]> {
  const byPath = new Map<string, PathChange[]>();
  for (const { changes } of introductions) {
    for (const change of changes) byPath.getOrInsertComputed(change.path, () => []).push(change);
  }
  return byPath;
}

/** The paths of which somebody must be asked for: those that are not as the batch left them. */
export function touchedPaths(
  introductions: readonly { readonly changes: readonly PathChange[] }[],
  now: Tree,
): readonly string[] {
  return [...changesByPath(introductions)]
    .filter(([path, changes]) => ["touched", "gone"].includes(retrace(now.get(path) ?? null, changes).kind))
    .map(([path]) => path)
    .sort();
}
