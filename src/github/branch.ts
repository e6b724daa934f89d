import { isMissing, messageOf, statusOf } from "./failure.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/**
 * Creates a branch at a commit. Creation is atomic on GitHub, so the answer also tells who was first.
 * @returns false when the branch exists already, whoever made it.
 */
export async function createBranch(repository: Repository, branch: string, sha: string): Promise<boolean> {
  const ref = `refs/heads/${branch}`;
  try {
    // After a lost answer the branch may be there: then the second call is answered 422, as for anybody's branch.
    await sendIdempotent(() => repository.octokit.rest.git.createRef({ ...at(repository), ref, sha }));
    return true;
  } catch (error) {
    // Every other 422 (a name that Git refuses, a commit that is gone, a rule) is none of these.
    if (statusOf(error) === 422 && /already exists/i.test(messageOf(error))) return false;
    throw error;
  }
}

/**
 * Points a branch of this app at another commit, whatever it held. It must not be a commit of the base branch: GitHub
 * closes a pull request that is left without a commit of its own, and does not let it be opened again (octokit.js#1373).
 * @returns false when there is no such branch.
 */
export async function moveBranch(repository: Repository, branch: string, sha: string): Promise<boolean> {
  try {
    await sendIdempotent(() =>
      repository.octokit.rest.git.updateRef({ ...at(repository), ref: `heads/${branch}`, sha, force: true }),
    );
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Deletes a branch; one that is gone already (GitHub can delete merged branches itself) is fine. */
export async function deleteBranch(repository: Repository, branch: string): Promise<void> {
  try {
    await sendIdempotent(() => repository.octokit.rest.git.deleteRef({ ...at(repository), ref: `heads/${branch}` }));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** GitHub answers 422 "Reference does not exist" where one would expect 404. */
function isGone(error: unknown): boolean {
  return isMissing(error) || (statusOf(error) === 422 && /does not exist/i.test(messageOf(error)));
}
