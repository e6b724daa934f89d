import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Changes, FileEntry, ObjectStore } from "./object-store.ts";

/** Three trees: the common ancestor and the two that went their own ways. */
interface ThreeTrees {
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
}

export type TreeMerge =
  | { readonly kind: "merged"; readonly tree: string }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/** Merges trees as Git does: file by file, and line by line where both sides changed the same file. */
export async function mergeTrees(objects: ObjectStore, trees: ThreeTrees): Promise<TreeMerge> {
  const { before: base, after: theirs } = objects.differingFiles(trees.base, trees.theirs);
  const ours = objects.files(trees.ours);
  const changes = new Map<string, FileEntry | null>();
  const conflicts: string[] = [];
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    const [was, mine, other] = [base.get(path), ours.get(path), theirs.get(path)];
    if (same(other, mine)) continue;
    if (same(mine, was)) changes.set(path, other ?? null);
    else {
      const merged = await mergeFile(objects, was, mine, other);
      if (merged) changes.set(path, merged);
      else conflicts.push(path);
    }
  }
  conflicts.push(...pathsInTheWay(ours, changes));
  if (conflicts.length > 0) return { kind: "conflict", paths: conflicts };
  return { kind: "merged", tree: objects.changeTree(trees.ours, changes) };
}

function same(a: FileEntry | undefined, b: FileEntry | undefined): boolean {
  return a?.sha === b?.sha && a?.mode === b?.mode;
}

/** New files that would have to be directories of ours, or the other way round. */
function pathsInTheWay(ours: ReadonlyMap<string, FileEntry>, changes: Changes): string[] {
  const kept = [...ours.keys()].filter((path) => changes.get(path) !== null);
  const added = [...changes].filter(([path, entry]) => entry && !ours.has(path)).map(([path]) => path);
  return added.filter((path) => kept.some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)));
}

async function mergeFile(
  objects: ObjectStore,
  base: FileEntry | undefined,
  ours: FileEntry | undefined,
  theirs: FileEntry | undefined,
): Promise<FileEntry | null> {
  // Without an ancestor two new files are "both added"; a deletion against a change is a conflict too.
  if (!base || !ours || !theirs) return null;
  const texts = [ours, base, theirs].map((entry) => objects.bytes(entry.sha) ?? Buffer.alloc(0));
  const merged = await mergeTexts(texts);
  return merged && { ...objects.writeBlob(merged), mode: ours.mode };
}

/** `git merge-file` itself: [ours, base, theirs] to the merged bytes, or null when the lines conflict. */
async function mergeTexts(texts: readonly Buffer[]): Promise<Buffer | null> {
  const directory = await mkdtemp(join(tmpdir(), "local-github-merge-"));
  try {
    const files = texts.map((_, index) => join(directory, String(index)));
    await Promise.all(texts.map((bytes, index) => writeFile(join(directory, String(index)), bytes)));
    return await new Promise((resolve) => {
      execFile("git", ["merge-file", "-p", ...files], { encoding: "buffer" }, (error, stdout) =>
        resolve(error ? null : stdout),
      );
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
