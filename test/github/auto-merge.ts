import { landPullRequest } from "./api/pull-request-merge.ts";
import { Refusal } from "./api/routes.ts";
import { unmetRequirements } from "./branch-rules.ts";
import type { AutoMerge, PullRequestRow, RepositoryRow, UserRow } from "./database.ts";
import { mergeability } from "./mergeability.ts";
import { reportPullRequest } from "./pull-request-tracking.ts";
import { type Site, timestamp } from "./site.ts";

/** Asks for the merge of a pull request as soon as everything that is required is there. @throws {Refusal} as GitHub words it */
export async function enableAutoMerge(
  site: Site,
  repository: RepositoryRow,
  pull: PullRequestRow,
  user: UserRow,
  wish: Pick<AutoMerge, "method" | "headline" | "body">,
): Promise<PullRequestRow> {
  if (!repository.allow_auto_merge) throw new Refusal(422, "Auto merge is not allowed for this repository");
  if (pull.state === "closed" || pull.draft) throw new Refusal(422, "Can't enable auto-merge for this pull request.");
  const { state } = await mergeability(site, repository, pull);
  if (state === "clean") throw new Refusal(422, "Pull request Pull request is in clean status");
  const auto_merge = { ...wish, enabled_by_id: user.id, enabled_at: timestamp() };
  const current = site.db.pullRequests.update(pull.id, { auto_merge }) ?? pull;
  reportPullRequest(site, "auto_merge_enabled", current, user);
  return current;
}

/** Takes that back. @throws {Refusal} where nobody asked for it */
export function disableAutoMerge(site: Site, pull: PullRequestRow, user: UserRow): PullRequestRow {
  if (!pull.auto_merge) throw new Refusal(422, "Can't disable auto-merge for this pull request.");
  const current = site.db.pullRequests.update(pull.id, { auto_merge: null }) ?? pull;
  reportPullRequest(site, "auto_merge_disabled", current, user, { reason: "Auto-merge was disabled" });
  return current;
}

/** Merges what waits at a commit for nothing any more. GitHub does so a moment later; here it is done with the answer. */
export async function mergeWhenReady(site: Site, repository: RepositoryRow, sha: string): Promise<void> {
  const waiting = site.db.pullRequests
    .findBy("repo_id", repository.id)
    .filter((pull) => pull.state === "open" && pull.head_sha === sha && pull.auto_merge);
  for (const pull of waiting) {
    const { auto_merge } = pull;
    const user = auto_merge && site.db.users.get(auto_merge.enabled_by_id);
    const author = site.db.users.get(pull.user_id);
    // Who may bypass the rules does so by merging, not by waiting.
    if (!auto_merge || !user || !author || unmetRequirements(site, pull, repository, author).length > 0) continue;
    await landPullRequest(site, repository, pull, user, {
      method: auto_merge.method,
      ...(auto_merge.headline === null ? {} : { commit_title: auto_merge.headline }),
      ...(auto_merge.body === null ? {} : { commit_message: auto_merge.body }),
    });
  }
}
