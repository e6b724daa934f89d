import type { Tree, TreeFile } from "../domain/batches/tree-change.ts";
import { isMissing } from "./failure.ts";
import { at, type Repository } from "./repository.ts";

/** The recipes of one commit. */
export interface RecipeTree {
  /** By path from the root of the repository. */
  readonly files: Tree;
  /** The folders that hold files themselves: path to tree. */
  readonly folders: ReadonlyMap<string, string>;
}

/** A folder is too large for GitHub to list: reading on would lead to a plan that misses paths. */
class TreeTooLarge extends Error {
  override readonly name = "TreeTooLarge";
}

/** A commit or tree that was there once is gone: the history was rewritten. */
class TreeGone extends Error {
  override readonly name = "TreeGone";
}

// GitHub lists 100,000 entries or 7 MB of a tree at once ("Get a tree"); more is read folder by folder, up to this many.
const MOST_FOLDERS = 200;

/**
 * Every file below a folder: one call, more where GitHub truncates what it lists.
 * @param tree of the folder; null for a folder that is not there
 * @throws {TreeTooLarge} when not even its folders can be listed whole; {TreeGone} when GitHub has it no more.
 */
export async function readRecipeTree(repository: Repository, tree: string | null, path: string): Promise<RecipeTree> {
  const files = new Map<string, TreeFile>();
  const folders = new Map<string, string>();
  if (tree === null) return { files, folders };
  const waiting = [{ path, tree }];
  for (let read = 0; waiting.length > 0; ) {
    const now = waiting.splice(0);
    read += now.length;
    if (read > MOST_FOLDERS)
      throw new TreeTooLarge(`${path} has more files than GitHub lists: it cannot be read whole`);
    const listed = await Promise.all(now.map((folder) => listFolder(repository, folder)));
    for (const { entries, unread } of listed) {
      waiting.push(...unread);
      for (const entry of entries) {
        files.set(entry.path, { mode: entry.mode, sha: entry.sha });
        folders.set(parentOf(entry.path), entry.folder);
      }
    }
  }
  return { files, folders };
}

interface Folder {
  readonly path: string;
  readonly tree: string;
}

interface ListedFile extends TreeFile {
  readonly path: string;
  /** Tree of the folder that it is in. */
  readonly folder: string;
}

async function listFolder(
  repository: Repository,
  folder: Folder,
): Promise<{ readonly entries: readonly ListedFile[]; readonly unread: readonly Folder[] }> {
  const whole = await getTree(repository, folder, { recursive: "true" });
  const { entries, truncated } = whole.truncated ? await getTree(repository, folder, {}) : whole;
  if (truncated) throw new TreeTooLarge(`${folder.path} has more entries than GitHub lists`);
  const trees = new Map([[folder.path, folder.tree]]);
  for (const { path, type, sha } of entries) if (type === "tree") trees.set(path, sha);
  return {
    entries: entries
      .filter(({ type }) => type !== "tree")
      .map(({ path, mode, sha }) => ({ path, mode, sha, folder: trees.get(parentOf(path)) ?? folder.tree })),
    unread: whole.truncated
      ? entries.filter(({ type }) => type === "tree").map(({ path, sha }) => ({ path, tree: sha }))
      : [],
  };
}

async function getTree(repository: Repository, { path, tree }: Folder, options: { recursive?: "true" }) {
  try {
    const { data } = await repository.octokit.rest.git.getTree({ ...at(repository), tree_sha: tree, ...options });
    const entries = data.tree.map((entry) => ({ ...entry, path: `${path}/${entry.path}` }));
    return { entries, truncated: data.truncated };
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new TreeGone(`the tree ${tree} of ${path} is gone from the repository: its history was rewritten`);
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
