import { z } from "zod";
import { isMissing } from "./failure.ts";
import { at, type Repository } from "./repository.ts";

const contents = z.object({
  type: z.literal("file"),
  encoding: z.literal("base64"),
  content: z.string(),
  sha: z.string(),
});

/** A file as one commit or branch has it; null where it is missing, no text file, or too large for the contents API (1 MB). */
export async function readFileAt(
  repository: Repository,
  path: string,
  ref: string,
): Promise<{ readonly text: string; readonly sha: string } | null> {
  try {
    const { data } = await repository.octokit.rest.repos.getContent({ ...at(repository), path, ref });
    const file = contents.safeParse(data).data;
    const text = file === undefined ? null : textOf(Buffer.from(file.content, "base64"));
    return file === undefined || text === null ? null : { text, sha: file.sha };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The text of a file, byte for byte; null when it is not UTF-8, because what cannot be printed back must not be edited. */
function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The newest commits that changed a file, newest first; of one author if given. */
export async function commitsOf(
  repository: Repository,
  path: string,
  filter: { readonly author?: string; readonly count: number },
): Promise<readonly { readonly sha: string; readonly parent: string | null }[]> {
  const { data } = await repository.octokit.rest.repos.listCommits({
    ...at(repository),
    path,
    per_page: filter.count,
    ...(filter.author === undefined ? {} : { author: filter.author }),
  });
  return data.map((commit) => ({ sha: commit.sha, parent: commit.parents[0]?.sha ?? null }));
}
