import { needsPullRequest, ruleOf } from "../branch-rules.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { ok, repositoryRoute } from "./routes.ts";

/** `GET rules/branches/{branch}`: the active rules of a branch, also for those who may bypass them. */
export function ruleRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/rules/branches/:branch", ({ repository, param }) => {
    const rule = ruleOf(site, repository, param("branch"));
    const source = {
      ruleset_source_type: "Repository",
      ruleset_source: repository.full_name,
      ruleset_id: repository.id,
    };
    const rules: Json[] = [];
    if (rule && needsPullRequest(rule)) {
      const parameters = {
        required_approving_review_count: rule.requiredReviews ?? 0,
        dismiss_stale_reviews_on_push: false,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      };
      rules.push({ type: "pull_request", ...source, parameters });
    }
    if (rule?.requiredChecks?.length) {
      const required_status_checks = rule.requiredChecks.map((context) => ({ context }));
      const parameters = { required_status_checks, strict_required_status_checks_policy: false };
      rules.push({ type: "required_status_checks", ...source, parameters });
    }
    return ok(rules);
  });
}
