import { repositoryJson } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import { mayPush, ok, repositoryRoute } from "./routes.ts";

/** `GET /repos/{owner}/{repo}`, with the settings that decide how pull requests may be merged. */
export function repositoryInfoRoutes(site: Site): void {
  repositoryRoute(site, "GET", "", ({ repository, caller }) => {
    const push = mayPush(site, caller, repository);
    const { allow_merge_commit, allow_squash_merge, allow_rebase_merge, delete_branch_on_merge } = repository;
    return ok({
      ...repositoryJson(site, repository),
      allow_merge_commit,
      allow_squash_merge,
      allow_rebase_merge,
      delete_branch_on_merge,
      squash_merge_commit_message: repository.squash_merge_commit_message ?? "COMMIT_MESSAGES",
      permissions: { admin: false, maintain: false, push, triage: push, pull: true },
    });
  });
}
