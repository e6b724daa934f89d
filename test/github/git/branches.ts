import { type CommitRow, nodeId, type RepositoryRow } from "../database.ts";
import type { Site } from "../site.ts";
import { ObjectStore } from "./object-store.ts";

/** Stands in push payloads for "there is no commit": a ref that is being created or deleted. */
export const NO_COMMIT = "0".repeat(40);

/** The commit a full ref (`refs/heads/main`) points to, or null. */
export function readRef(site: Site, repository: RepositoryRow, ref: string): string | null {
  return findRef(site, repository, ref)?.sha ?? null;
}

/** The tip of a branch, or null. */
export function branchTip(site: Site, repository: RepositoryRow, branch: string): string | null {
  return readRef(site, repository, `refs/heads/${branch}`);
}

/** Points a ref somewhere, or deletes it (null), without telling anyone: `push` tells. */
export function writeRef(site: Site, repository: RepositoryRow, ref: string, sha: string | null): void {
  const { db } = site;
  const existing = findRef(site, repository, ref);
  if (sha === null) {
    if (existing) db.refs.delete(existing.id);
  } else if (existing) db.refs.update(existing.id, { sha });
  else db.refs.insert({ repo_id: repository.id, ref, sha, node_id: nodeId("Ref", 0) + ref });
  if (ref.startsWith("refs/heads/")) mirrorBranch(site, repository, ref.slice("refs/heads/".length), sha);
}

/** A commit by branch, tag, full ref, sha (also shortened) or `HEAD`; the default branch when nothing is named. */
export function resolveCommit(site: Site, repository: RepositoryRow, revision?: string): CommitRow | null {
  const objects = new ObjectStore(site.db, repository.id);
  if (revision?.endsWith("^")) {
    const [parent] = resolveCommit(site, repository, revision.slice(0, -1))?.parent_shas ?? [];
    return parent === undefined ? null : (objects.commit(parent) ?? null);
  }
  const name = !revision || revision === "HEAD" ? repository.default_branch : revision;
  const refs = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name];
  const sha = refs.map((ref) => readRef(site, repository, ref)).find((found) => found !== null);
  const exact = objects.commit(sha ?? name);
  if (exact) return exact;
  if (!/^[0-9a-f]{7,39}$/.test(name)) return null;
  return site.db.commits.findBy("repo_id", repository.id).find((commit) => commit.sha.startsWith(name)) ?? null;
}

function findRef(site: Site, repository: RepositoryRow, ref: string) {
  return site.db.refs.findBy("repo_id", repository.id).find((row) => row.ref === ref);
}

// Emulate keeps branches twice: as refs and as branches.
function mirrorBranch(site: Site, repository: RepositoryRow, name: string, sha: string | null): void {
  const { branches } = site.db;
  const existing = branches.findBy("repo_id", repository.id).find((branch) => branch.name === name);
  if (existing && sha) branches.update(existing.id, { sha });
  else if (existing) branches.delete(existing.id);
  else if (sha) branches.insert({ repo_id: repository.id, name, sha, protected: false });
}
