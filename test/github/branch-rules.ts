import { Refusal } from "./api/routes.ts";
import type { PullRequestRow, RepositoryRow, UserRow } from "./database.ts";
import { mayWrite, roleOf } from "./roles.ts";
import type { Site } from "./site.ts";

/** What `github.protect` says about one branch. */
export interface BranchRule {
  /** Changes must be made through a pull request. */
  readonly requirePullRequest?: boolean;
  /** Names of check runs that must have succeeded on the head of a pull request. */
  readonly requiredChecks?: readonly string[];
  readonly requiredReviews?: number;
  /** The app is on the bypass list of the rule. */
  readonly bypassApp?: boolean;
}

/** Protected branches, by `<repository id>:<branch>`. */
export type BranchRules = Map<string, BranchRule>;

export function ruleKey(repository: RepositoryRow, branch: string): string {
  return `${repository.id}:${branch}`;
}

export function ruleOf(site: Site, repository: RepositoryRow, branch: string): BranchRule | undefined {
  return site.rules.get(ruleKey(repository, branch));
}

/** Refuses a direct change of a branch that only pull requests may change: 409 with GitHub's wording. */
export function assertDirectPushAllowed(site: Site, repository: RepositoryRow, branch: string, by: UserRow): void {
  const rule = ruleOf(site, repository, branch);
  if (!rule || bypasses(site, rule, by)) return;
  const violations = [
    ...(needsPullRequest(rule) ? ["Changes must be made through a pull request."] : []),
    ...(rule.requiredChecks ?? []).map((check) => `Required status check "${check}" is expected.`),
  ];
  if (violations.length > 0) throw new Refusal(409, `Repository rule violations found\n\n${violations.join("\n\n")}`);
}

/** What of the base branch's rule a pull request does not satisfy yet, as the merge button says it. */
export function unmetRequirements(site: Site, pull: PullRequestRow, repository: RepositoryRow, by: UserRow): string[] {
  const rule = ruleOf(site, repository, pull.base_ref);
  if (!rule || bypasses(site, rule, by)) return [];
  const missing = (rule.requiredChecks ?? []).filter((check) => !hasSucceeded(site, repository, pull.head_sha, check));
  const reviews = rule.requiredReviews ?? 0;
  const approvals = approvalsOf(site, repository, pull);
  return [
    ...missing.map((check) => `Required status check "${check}" is expected.`),
    ...(approvals < reviews
      ? [
          `At least ${reviews} approving review${reviews === 1 ? " is" : "s are"} required by reviewers with write access.`,
        ]
      : []),
  ];
}

export function needsPullRequest(rule: BranchRule): boolean {
  return rule.requirePullRequest === true || (rule.requiredReviews ?? 0) > 0;
}

function bypasses(site: Site, rule: BranchRule, by: UserRow): boolean {
  return rule.bypassApp === true && by.id === site.app.botId;
}

function hasSucceeded(site: Site, repository: RepositoryRow, sha: string, check: string): boolean {
  const latest = site.db.checkRuns
    .findBy("head_sha", sha)
    .filter((run) => run.repo_id === repository.id && run.name === check)
    .at(-1);
  return latest?.status === "completed" && ["success", "neutral", "skipped"].includes(latest.conclusion ?? "");
}

/** People with write access whose latest review approves. */
function approvalsOf(site: Site, repository: RepositoryRow, pull: PullRequestRow): number {
  const latest = new Map<number, string>();
  for (const review of site.db.reviews.findBy("repo_id", repository.id)) {
    if (review.pull_number === pull.number) latest.set(review.user_id, review.state);
  }
  return [...latest].filter(([id, state]) => {
    const reviewer = site.db.users.get(id);
    return state === "APPROVED" && reviewer && mayWrite(roleOf(site, repository, reviewer));
  }).length;
}
