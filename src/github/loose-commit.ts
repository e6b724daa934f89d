import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/** Of a plain file: one that may be executed has the second. */
export type FileMode = "100644" | "100755";

/**
 * Makes a commit of one changed file that no branch has yet, so that a branch can be moved straight to it. Two calls; no
 * author or committer is given, so that GitHub signs it for the app (GitHub documentation, "About commit signature
 * verification", bots). Sent twice after a lost answer, it leaves a commit that nobody sees.
 * @param onto the commit to build on, and its tree.
 * @returns the sha of the commit.
 */
export async function makeCommit(
  repository: Repository,
  onto: { readonly head: string; readonly tree: string },
  file: { readonly path: string; readonly text: string; readonly mode?: FileMode },
  message: string,
): Promise<string> {
  const { git } = repository.octokit.rest;
  const entry = { path: file.path, mode: file.mode ?? "100644", type: "blob", content: file.text } as const;
  const tree = await sendIdempotent(() => git.createTree({ ...at(repository), base_tree: onto.tree, tree: [entry] }));
  const commit = await sendIdempotent(() =>
    git.createCommit({ ...at(repository), message, tree: tree.data.sha, parents: [onto.head] }),
  );
  return commit.data.sha;
}
