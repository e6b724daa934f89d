import { z } from "zod";
import { recipeName } from "../domain/batches/recipe.ts";
import { at, type Repository } from "./repository.ts";

/** Recipes of a pull request, as far as they are shown. */
export interface ShownRecipes {
  readonly names: readonly string[];
  /** Files beyond those that were read. */
  readonly more: number;
}

const FILES_SHOWN = 20;

const filesShape = z.object({
  files: z.object({ totalCount: z.number(), nodes: z.array(z.object({ path: z.string() })) }).nullable(),
});

/** The recipes of some pull requests, a few of each: one GraphQL call. */
export async function recipesOfPulls(
  repository: Repository,
  numbers: readonly number[],
  folder: string,
): Promise<ReadonlyMap<number, ShownRecipes>> {
  if (numbers.length === 0) return new Map();
  const fields = numbers.map(
    (number) =>
      `p${number}: pullRequest(number: ${number}) { files(first: ${FILES_SHOWN}) { totalCount nodes { path } } }`,
  );
  const query = `query PullFiles($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${fields.join(" ")} } }`;
  const answer: unknown = await repository.octokit.graphql(query, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
  });
  const found = z.object({ repository: z.record(z.string(), filesShape) }).parse(answer).repository;
  return new Map(
    numbers.map((number) => {
      const files = found[`p${number}`]?.files;
      const names = (files?.nodes ?? []).filter(({ path }) => path.startsWith(`${folder}/`));
      const more = Math.max(0, (files?.totalCount ?? 0) - FILES_SHOWN);
      return [number, { names: names.map(({ path }) => recipeName(path)), more }];
    }),
  );
}

/** The files that a pull request removed below a folder: a call for every hundred files. */
export async function removedFiles(repository: Repository, pull: number, folder: string): Promise<readonly string[]> {
  const files = await repository.octokit.paginate(repository.octokit.rest.pulls.listFiles, {
    ...at(repository),
    pull_number: pull,
    per_page: 100,
  });
  return files
    .filter(({ status, filename }) => status === "removed" && filename.startsWith(`${folder}/`))
    .map(({ filename }) => filename);
}
