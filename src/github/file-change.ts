import { z } from "zod";
import type { FileChange, FileVersion } from "../domain/supply-chain/judge-recipe.ts";
import { askForObjects, groupsOf } from "./git-object.ts";
import type { Repository } from "./repository.ts";

/** Files that one GraphQL call asks for, each before and after. */
const FILES_A_CALL = 100;

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
  const read = await Promise.all(
    groupsOf(paths, FILES_A_CALL).map(async (group) => {
      const asked = group.flatMap((path) =>
        [before, after].map((commit) => ({
          argument: "expression",
          type: "String!",
          value: `${commit}:${path}`,
          fields: "__typename ... on Blob { text isTruncated }",
        })),
      );
      const found = await askForObjects(repository, "FileChanges", asked);
      const version = (index: number) => fileVersion(blobShape.parse(found[index] ?? null));
      return group.map((path, index) => ({ path, before: version(2 * index), after: version(2 * index + 1) }));
    }),
  );
  return read.flat();
}

function fileVersion(object: z.output<typeof blobShape>): FileVersion {
  if (object === null) return { kind: "missing" };
  if (object.__typename !== "Blob") return { kind: "unread", why: "it is no file" };
  if (typeof object.text !== "string" || object.isTruncated === true)
    return { kind: "unread", why: "it is binary, or larger than GitHub shows" };
  return { kind: "text", text: object.text };
}
