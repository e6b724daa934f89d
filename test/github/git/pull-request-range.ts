import type { CommitRow, PullRequestRow } from "../database.ts";
import type { Site } from "../site.ts";
import { branchTip } from "./branches.ts";
import { history, mergeBase } from "./history.ts";
import { ObjectStore } from "./object-store.ts";

/** The two trees whose difference a pull request shows: where it branched off, and its head. */
interface PullRequestRange {
  /** Null for unrelated histories. */
  readonly baseTree: string | null;
  readonly headTree: string;
}

/** "Three dots", as on the files tab: what the base branch got meanwhile is not part of the pull request. */
export function pullRequestRange(site: Site, pull: PullRequestRow): PullRequestRange {
  const objects = new ObjectStore(site.db, pull.repo_id);
  const base = mergeBase(objects, baseOf(site, pull), pull.head_sha);
  const headTree = objects.commit(pull.head_sha)?.tree_sha;
  if (headTree === undefined) throw new Error(`The head of pull request ${pull.number} is missing.`);
  return { baseTree: base === null ? null : (objects.commit(base)?.tree_sha ?? null), headTree };
}

/** The commits a pull request brings, oldest first. */
export function pullRequestCommits(site: Site, pull: PullRequestRow): CommitRow[] {
  const objects = new ObjectStore(site.db, pull.repo_id);
  return history(objects, pull.head_sha, [baseOf(site, pull)]).reverse();
}

function baseOf(site: Site, pull: PullRequestRow): string {
  const repository = site.db.repos.get(pull.base_repo_id);
  const tip = pull.merged || !repository ? null : branchTip(site, repository, pull.base_ref);
  return tip ?? pull.base_sha;
}
