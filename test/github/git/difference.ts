import type { FileEntry, ObjectStore } from "./object-store.ts";

/** What happened to one file between two trees. */
export interface FileChange {
  readonly path: string;
  readonly status: "added" | "removed" | "modified" | "renamed";
  /** Blob after the change; of a removed file, the blob before. */
  readonly sha: string;
  /** Where a renamed file was. */
  readonly previousPath?: string;
  /** Lines. */
  readonly additions: number;
  readonly deletions: number;
}

/** The files that differ between two trees, by path. Only renames without a change of content are seen as renames. */
export function differences(objects: ObjectStore, before: string | null, after: string): FileChange[] {
  const { before: old, after: now } = objects.differingFiles(before, after);
  const removed = new Map([...old].filter(([path]) => !now.has(path)));
  const changes: FileChange[] = [];
  for (const [path, entry] of now) {
    const previous = old.get(path);
    const source = previous ? undefined : [...removed].find(([, candidate]) => candidate.sha === entry.sha)?.[0];
    if (source !== undefined) {
      removed.delete(source);
      changes.push({ path, status: "renamed", previousPath: source, sha: entry.sha, additions: 0, deletions: 0 });
    } else {
      const lines = countLines(text(objects, previous), text(objects, entry));
      changes.push({ path, status: previous ? "modified" : "added", sha: entry.sha, ...lines });
    }
  }
  for (const [path, entry] of removed) {
    changes.push({ path, status: "removed", sha: entry.sha, ...countLines(text(objects, entry), "") });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function text(objects: ObjectStore, entry: FileEntry | undefined): string {
  return entry?.type === "blob" ? (objects.bytes(entry.sha)?.toString("utf8") ?? "") : "";
}

/** Lines added and deleted between two texts, by their longest common subsequence. */
function countLines(before: string, after: string): { additions: number; deletions: number } {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const left = old.slice(start, old.length - end);
  const right = now.slice(start, now.length - end);
  const kept = longestCommonSubsequence(left, right);
  return { additions: right.length - kept, deletions: left.length - kept };
}

function linesOf(content: string): string[] {
  const lines = content.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function longestCommonSubsequence(left: readonly string[], right: readonly string[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const line of left) {
    const next = [0];
    right.forEach((other, index) => {
      const diagonal = row[index] ?? 0;
      next.push(line === other ? diagonal + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}
