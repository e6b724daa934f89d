import { z } from "zod";
import { type Recipe, readRecipe } from "../domain/batches/recipe.ts";
import { askForObjects } from "./git-object.ts";
import { type RecipeTree, readRecipeTree } from "./recipe-tree.ts";
import type { Repository } from "./repository.ts";

/** Files whose text one GraphQL call is asked for: thousands of recipes are some megabytes and a few seconds. */
const MOST_FILES = 2000;

const FOLDER = "... on Tree { entries { name object { ... on Blob { text isTruncated } } } }";

const folderShape = z
  .object({
    entries: z
      .array(
        z.object({
          name: z.string(),
          object: z.object({ text: z.string().nullish(), isTruncated: z.boolean().nullish() }).nullable(),
        }),
      )
      .optional(),
  })
  .nullable();

type RecipeText = readonly [path: string, text: string | null];

interface Folder {
  readonly path: string;
  readonly tree: string;
  readonly files: number;
}

/**
 * What every recipe of a tree says of itself: one call for some thousands. A call that is too much for GitHub is divided.
 * @throws GitHub's error when even a single folder cannot be read: who depends on what would be a guess.
 */
export async function readRecipes(repository: Repository, tree: RecipeTree): Promise<ReadonlyMap<string, Recipe>> {
  const texts = await readRecipeTexts(repository, tree);
  return new Map([...texts].map(([path, text]) => [path, text === null ? { kind: "unreadable" } : readRecipe(text)]));
}

/** The texts of the recipes at a commit, by path; null for what is no text that GitHub shows. Three calls for some thousands. */
export async function recipeTextsAt(
  repository: Repository,
  commit: string,
  folder: string,
): Promise<ReadonlyMap<string, string | null>> {
  const path = folder.replace(/\/+$/, "");
  const asked = { argument: "expression", type: "String!", value: `${commit}:${path}`, fields: "... on Tree { oid }" };
  const [found] = await askForObjects(repository, "RecipeFolder", [asked]);
  const tree = z.object({ oid: z.string() }).nullish().catch(null).parse(found)?.oid ?? null;
  return readRecipeTexts(repository, await readRecipeTree(repository, tree, path));
}

async function readRecipeTexts(repository: Repository, tree: RecipeTree): Promise<ReadonlyMap<string, string | null>> {
  const counts = new Map<string, number>();
  for (const path of tree.files.keys()) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (path.endsWith(".toml")) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const folders = [...counts].map(([path, files]): Folder => ({ path, files, tree: tree.folders.get(path) ?? "" }));
  const read = await Promise.all(packed(folders).map((some) => readFolders(repository, some)));
  return new Map(read.flat());
}

/** Folders put together so that each group has about as many files as one call may be asked for. */
function packed(folders: readonly Folder[]): readonly (readonly Folder[])[] {
  const groups: Folder[][] = [];
  let room = 0;
  for (const folder of folders) {
    if (folder.files > room) {
      groups.push([]);
      room = MOST_FILES;
    }
    groups.at(-1)?.push(folder);
    room -= folder.files;
  }
  return groups;
}

async function readFolders(repository: Repository, folders: readonly Folder[]): Promise<readonly RecipeText[]> {
  try {
    return await askForFolders(repository, folders);
  } catch (error) {
    if (folders.length < 2) throw error;
    const half = Math.ceil(folders.length / 2);
    const halves = [folders.slice(0, half), folders.slice(half)];
    return (await Promise.all(halves.map((some) => readFolders(repository, some)))).flat();
  }
}

async function askForFolders(repository: Repository, folders: readonly Folder[]): Promise<readonly RecipeText[]> {
  const fields = folders.map(({ tree }, index) => `f${index}: object(oid: "${tree}") { ${FOLDER} }`);
  const query = `query RecipeTexts($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${fields.join(" ")} } }`;
  const answer: unknown = await repository.octokit.graphql(query, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
  });
  const { repository: found } = z.object({ repository: z.record(z.string(), folderShape) }).parse(answer);
  return folders.flatMap(({ path }, index) => {
    const entries = found[`f${index}`]?.entries;
    if (entries === undefined) throw new Error(`GitHub does not show the recipes in ${path}`);
    return entries
      .filter(({ name }) => name.endsWith(".toml"))
      .map(({ name, object }) => [`${path}/${name}`, textOf(object)] as const);
  });
}

// GitHub gives no text of a binary file, and cuts what is over 512,000 bytes.
function textOf(blob: { text?: string | null | undefined; isTruncated?: boolean | null | undefined } | null) {
  return typeof blob?.text !== "string" || blob.isTruncated ? null : blob.text;
}
