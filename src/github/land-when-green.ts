import { enableAutoMerge } from "./auto-merge.ts";
import { type MergeResult, mergePullRequest, type PullRequest } from "./pull-request.ts";
import type { Repository } from "./repository.ts";

const METHODS = ["SQUASH", "MERGE", "REBASE"] as const;

/**
 * Has GitHub merge a pull request as soon as its required checks are green, by the first method that the repository allows;
 * where there is nothing to wait for it is merged at once. Where the repository does not allow auto-merge a person has to.
 */
export async function landWhenGreen(
  repository: Repository,
  pull: PullRequest,
  commit: { readonly head: string; readonly title: string; readonly message: string },
): Promise<MergeResult> {
  let words = "";
  for (const method of METHODS) {
    const answer = await enableAutoMerge(repository, pull, { method, headline: commit.title, body: commit.message });
    if (answer.kind === "on") return { kind: "blocked", waitsFor: "green checks, and is merged by GitHub then" };
    if (answer.kind === "ready") return mergePullRequest(repository, pull, commit);
    words = answer.words;
    // "Merge method squash merging is not allowed on this repository"
    if (!/method/i.test(words)) break;
  }
  return {
    kind: "blocked",
    waitsFor: `green checks and a merge by a person: GitHub does not merge by itself (${words})`,
  };
}
