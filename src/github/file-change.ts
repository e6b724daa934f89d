import { z } from "zod";
import type { FileChange, FileVersion } from "../domain/supply-chain/judge-recipe.ts";
import { askForObjects, groupsOf } from "./git-object.ts";
import type { Repository } from "./repository.ts";

/** Versions of files that one GraphQL call asks for. */
const VERSIONS_A_CALL = 200;

const blobShape = z
  .object({
    __typename: z.string(),
    text: z.string().nullish(),
    isTruncated: z.boolean().nullish(),
  })
  .nullable();

/** Files as they were at two commits: one GraphQL call for every hundred files. */
export async function readFileChanges(
  repository: Repository,
  { before, after }: { readonly before: string; readonly after: string },
  paths: readonly string[],
): Promise<readonly FileChange[]> {
  const wanted = paths.flatMap((path) => [`${before}:${path}`, `${after}:${path}`]);
  const versions = await readVersions(repository, wanted);
  return paths.map((path, index) => ({
    path,
    before: versions[2 * index] ?? MISSING,
    after: versions[2 * index + 1] ?? MISSING,
  }));
}

/** The first of some paths where a commit has a file; null when it has none. One call. */
export async function findFile(
  repository: Repository,
  commit: string,
  paths: readonly string[],
): Promise<{ readonly path: string; readonly file: FileVersion } | null> {
  const versions = await readVersions(
    repository,
    paths.map((path) => `${commit}:${path}`),
  );
  const index = versions.findIndex(({ kind }) => kind !== "missing");
  const [path, file] = [paths[index], versions[index]];
  return path === undefined || file === undefined ? null : { path, file };
}

/** The texts of files at a commit, of those that are there and are text. One call. */
export async function readTexts(
  repository: Repository,
  commit: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const versions = await readVersions(
    repository,
    paths.map((path) => `${commit}:${path}`),
  );
  return versions.flatMap((version) => (version.kind === "text" ? [version.text] : []));
}

const MISSING: FileVersion = { kind: "missing" };

/** @param expressions each `<commit>:<path>` */
async function readVersions(repository: Repository, expressions: readonly string[]): Promise<readonly FileVersion[]> {
  const read = await Promise.all(
    groupsOf(expressions, VERSIONS_A_CALL).map(async (group) => {
      const fields = "__typename ... on Blob { text isTruncated }";
      const asked = group.map((value) => ({ argument: "expression", type: "String!", value, fields }));
      const found = await askForObjects(repository, "FileVersions", asked);
      return group.map((_, index) => fileVersion(blobShape.parse(found[index] ?? null)));
    }),
  );
  return read.flat();
}

function fileVersion(object: z.output<typeof blobShape>): FileVersion {
  if (object === null) return MISSING;
  if (object.__typename !== "Blob") return { kind: "unread", why: "it is no file" };
  if (typeof object.text !== "string" || object.isTruncated === true)
    return { kind: "unread", why: "it is binary, or larger than GitHub shows" };
  return { kind: "text", text: object.text };
}
