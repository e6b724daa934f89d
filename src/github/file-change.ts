import { z } from "zod";
import type { FileChange, FileVersion } from "../domain/supply-chain/judge-recipe.ts";
import { askForObjects, groupsOf } from "./git-object.ts";
import type { FileMode } from "./loose-commit.ts";
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

/** Those of some paths where a commit has a file. One call. */
export async function findFiles(
  repository: Repository,
  commit: string,
  paths: readonly string[],
): Promise<readonly FoundFile[]> {
  const versions = await readVersions(
    repository,
    paths.map((path) => `${commit}:${path}`),
  );
  return paths.flatMap((path, index) => {
    const file = versions[index] ?? MISSING;
    return file.kind === "missing" ? [] : [{ path, file }];
  });
}

/** A file, and where it is. */
export interface FoundFile {
  readonly path: string;
  readonly file: Exclude<FileVersion, { kind: "missing" }>;
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

const commitShape = z.object({ file: z.object({ mode: z.number() }).nullable() }).nullable();

/**
 * The mode of a file at a commit: whether it may be executed. One call.
 * @param path without quotes, backslashes and control characters: what a recipe may be called
 */
export async function fileModeAt(repository: Repository, commit: string, path: string): Promise<FileMode> {
  const fields = `... on Commit { file(path: ${JSON.stringify(path)}) { mode } }`;
  const asked = { argument: "oid", type: "GitObjectID!", value: commit, fields };
  const [found] = await askForObjects(repository, "FileMode", [asked]);
  return commitShape.parse(found ?? null)?.file?.mode === EXECUTABLE ? "100755" : "100644";
}

const EXECUTABLE = 0o100755;
