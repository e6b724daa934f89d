import type { ChangedPath } from "../domain/batches/rollback-plan.ts";
import { isLostAnswer, messageOf, statusOf } from "./failure.ts";
import type { Tip } from "./find-batch.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

// Entries without content are cheap, but GitHub ends a call after ten seconds and then says that the input was too large.
const ENTRIES_A_CALL = 500;

interface TreeEntry {
  readonly path: string;
  readonly mode: "100644" | "100755" | "040000" | "160000" | "120000";
  readonly type: "blob" | "commit";
  readonly sha: string | null;
}

/**
 * Commits a plan on top of the default branch, in one commit that no branch holds yet: trees first, a call for every five
 * hundred paths, then the commit. What is not in the plan stays as it is, byte for byte. No author is named, so that GitHub
 * signs it. Whatever fails on the way leaves nothing behind but objects that nobody sees.
 */
export async function commitRollback(
  repository: Repository,
  tip: Pick<Tip, "sha" | "tree">,
  changes: readonly ChangedPath[],
  message: string,
): Promise<string> {
  const tree = await writeTree(repository, tip.tree, changes.map(entryOf), ENTRIES_A_CALL);
  const { data } = await sendIdempotent(() =>
    repository.octokit.rest.git.createCommit({ ...at(repository), message, tree, parents: [tip.sha] }),
  );
  return data.sha;
}

/** A tree is named by its content: however often it is written, it is the same one. */
async function writeTree(
  repository: Repository,
  base: string,
  entries: readonly TreeEntry[],
  size: number,
): Promise<string> {
  let tree = base;
  for (let start = 0; start < entries.length; start += size) {
    const some = entries.slice(start, start + size);
    try {
      const { data } = await sendIdempotent(() =>
        repository.octokit.rest.git.createTree({ ...at(repository), base_tree: tree, tree: [...some] }),
      );
      tree = data.sha;
    } catch (error) {
      if (some.length < 2 || !isTooLarge(error)) throw error;
      tree = await writeTree(repository, tree, some, Math.ceil(some.length / 2));
    }
  }
  return tree;
}

/** GitHub words it "Sorry, your request timed out. It's likely that your input was too large", with status 422, or is 502. */
function isTooLarge(error: unknown): boolean {
  return (statusOf(error) === 422 && /too large|timed out/i.test(messageOf(error))) || isLostAnswer(error);
}

function entryOf(change: ChangedPath): TreeEntry {
  const { path } = change;
  // GitHub deletes what has no sha, whatever mode is named.
  if (change.action === "delete") return { path, mode: "100644", type: "blob", sha: null };
  const { mode, sha } = change.to;
  return { path, mode: mode as TreeEntry["mode"], type: mode === "160000" ? "commit" : "blob", sha };
}
