/** A file of a git tree: also a symbolic link (mode 120000) or a submodule (160000). */
export interface TreeFile {
  /** Six octal digits, `100644`. */
  readonly mode: string;
  readonly sha: string;
}

/** The files of a tree by path, folders left out. */
export type Tree = ReadonlyMap<string, TreeFile>;

/** What happened to one path between two trees; a rename is a removal and an addition. */
export interface PathChange {
  readonly path: string;
  readonly before: TreeFile | null;
  readonly after: TreeFile | null;
}

/** Whether a path is the same file in both: same content, same mode; or in neither. */
export function sameFile(one: TreeFile | null, other: TreeFile | null): boolean {
  return one?.sha === other?.sha && one?.mode === other?.mode;
}

/** The paths that differ between two trees, sorted. */
export function changesBetween(before: Tree, after: Tree): readonly PathChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }))
    .filter((change) => !sameFile(change.before, change.after))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
