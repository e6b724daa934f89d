import { createBranch, moveBranch } from "./branch.ts";
import { labelPullRequest, openPullRequest, type PullRequest } from "./pull-request.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/** A commit that no branch holds yet, and the pull request that is to propose it. */
export interface CommitProposal {
  readonly branch: string;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  /** The open pull request of the branch, if one is known: it is brought up to date. */
  readonly open: Pick<PullRequest, "number" | "url"> | null;
}

/**
 * Makes the branch and its pull request, once, or brings both up to date. The branch goes from nothing, or from its last
 * commit, straight to the new one: were it reset to the default branch in between, GitHub would close its pull request.
 */
export async function proposeCommit(repository: Repository, proposal: CommitProposal): Promise<PullRequest> {
  const { branch, head, title, body } = proposal;
  const wasThere = await moveBranch(repository, branch, head);
  // Where it was not there a moment ago and is now, a lost answer had its effect after all.
  if (!wasThere && !(await createBranch(repository, branch, head))) await moveBranch(repository, branch, head);
  const pull = proposal.open ?? (await openPullRequest(repository, { branch, title, body }, wasThere));
  const { data } = await sendIdempotent(() =>
    repository.octokit.rest.pulls.update({ ...at(repository), pull_number: pull.number, title, body }),
  );
  return { number: pull.number, url: pull.url, state: "open", id: data.node_id };
}

/** Somebody who is asked for a review. */
interface Reviewer {
  readonly login: string;
  readonly nodeId: string;
}

/** Who is asked to look at a pull request: people, or teams by their slugs. */
export interface Reviewers {
  readonly people: readonly Reviewer[];
  readonly teams: readonly string[];
}

/** Labels a pull request and asks for reviews; both are the same however often it is done. */
export async function askForReview(
  repository: Repository,
  pull: PullRequest,
  labels: readonly string[],
  { people, teams }: Reviewers,
): Promise<void> {
  await labelPullRequest(repository, pull, labels);
  if (people.length === 0 && teams.length === 0) return;
  await sendIdempotent(() =>
    repository.octokit.rest.pulls.requestReviewers({
      ...at(repository),
      pull_number: pull.number,
      reviewers: people.map(({ login }) => login),
      team_reviewers: [...teams],
    }),
  );
}
