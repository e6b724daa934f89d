import { unmetRequirements } from "./branch-rules.ts";
import type { PullRequestRow, RepositoryRow } from "./database.ts";
import { branchTip } from "./git/branches.ts";
import { mergeBase } from "./git/history.ts";
import { ObjectStore } from "./git/object-store.ts";
import { mergeTrees, type TreeMerge } from "./git/three-way-merge.ts";
import type { Mergeability } from "./shape/pull-request.ts";
import type { Site } from "./site.ts";

/** What `GET pulls/{number}` says: `dirty` on a conflict, `blocked` while the branch's rules ask for more. */
export async function mergeability(site: Site, repository: RepositoryRow, pull: PullRequestRow): Promise<Mergeability> {
  if (pull.state === "closed") return { mergeable: null, state: "unknown" };
  const tip = branchTip(site, repository, pull.base_ref);
  const trial = tip === null ? null : await mergeWith(site, pull, tip);
  if (trial?.kind !== "merged") return { mergeable: false, state: "dirty" };
  if (pull.draft) return { mergeable: true, state: "draft" };
  const author = site.db.users.get(pull.user_id);
  const blocked = author && unmetRequirements(site, pull, repository, author).length > 0;
  return { mergeable: true, state: blocked ? "blocked" : "clean" };
}

/** The head of a pull request merged with a commit of its base branch. */
export function mergeWith(site: Site, pull: PullRequestRow, tip: string): Promise<TreeMerge> {
  const objects = new ObjectStore(site.db, pull.repo_id);
  const treeOf = (sha: string) => {
    const tree = objects.commit(sha)?.tree_sha;
    if (tree === undefined) throw new Error(`Commit ${sha} of pull request ${pull.number} is missing.`);
    return tree;
  };
  const base = mergeBase(objects, tip, pull.head_sha);
  return mergeTrees(objects, { base: base && treeOf(base), ours: treeOf(tip), theirs: treeOf(pull.head_sha) });
}
