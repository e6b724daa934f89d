import type { CommitRow } from "../database.ts";
import type { ObjectStore } from "./object-store.ts";

// A commit is stored after its parents: the order of row ids is an order of the history, and no clock is needed.

/** The commits reachable from `head` and from none of `excluded`, newest first, children before parents. */
export function history(objects: ObjectStore, head: string, excluded: readonly string[] = []): CommitRow[] {
  const shown: CommitRow[] = [];
  const frontier = new Map<number, { readonly commit: CommitRow; readonly hidden: boolean }>();
  const reach = (sha: string, hidden: boolean) => {
    const commit = objects.commit(sha);
    if (commit) frontier.set(commit.id, { commit, hidden: hidden || frontier.get(commit.id)?.hidden === true });
  };
  reach(head, false);
  for (const sha of excluded) reach(sha, true);
  // As `git rev-list` walks: newest first, until nothing is left on the frontier but what is excluded.
  while ([...frontier.values()].some((reached) => !reached.hidden)) {
    const newest = Math.max(...frontier.keys());
    const reached = frontier.get(newest);
    frontier.delete(newest);
    if (!reached) break;
    if (!reached.hidden) shown.push(reached.commit);
    for (const parent of reached.commit.parent_shas) reach(parent, reached.hidden);
  }
  return shown;
}

/** Whether a commit is reachable from another; every commit is from itself. */
export function isAncestor(objects: ObjectStore, ancestor: string, descendant: string): boolean {
  const oldest = objects.commit(ancestor)?.id;
  return oldest !== undefined && reachable(objects, descendant, oldest).has(ancestor);
}

/** The best common ancestor of two commits; null when the histories are unrelated. */
export function mergeBase(objects: ObjectStore, ours: string, theirs: string): string | null {
  const ofOurs = reachable(objects, ours);
  return history(objects, theirs).find((commit) => ofOurs.has(commit.sha))?.sha ?? null;
}

/** Whether a commit changed a file, or anything below a directory, against its first parent. */
export function touches(objects: ObjectStore, commit: CommitRow, path: string): boolean {
  const parent = objects.commit(commit.parent_shas[0] ?? "");
  const before = parent ? objects.entryAt(parent.tree_sha, path) : null;
  return objects.entryAt(commit.tree_sha, path)?.sha !== before?.sha;
}

/** Shas reachable from a commit, without walking past rows older than `oldest`. */
function reachable(objects: ObjectStore, from: string, oldest = 0): Set<string> {
  const found = new Set<string>();
  const waiting = [from];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    const commit = found.has(sha) ? undefined : objects.commit(sha);
    if (!commit || commit.id < oldest) continue;
    found.add(sha);
    waiting.push(...commit.parent_shas);
  }
  return found;
}
