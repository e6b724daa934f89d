import { z } from "zod";
import { createBranch, moveBranch } from "./branch.ts";
import { statusOf } from "./failure.ts";
import { labelPullRequest, openPullRequest, type PullRequest } from "./pull-request.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/** What is to be proposed, and where. */
export interface RollbackProposal {
  readonly branch: string;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  /** The open pull request of the branch, if there is one: it is brought up to date. */
  readonly open: Pick<PullRequest, "number" | "url"> | null;
  /** GitHub's node id of the repository. */
  readonly repositoryId: string;
}

/** A pull request that proposes exactly the commit that was made for it. */
export interface ProposedRollback extends PullRequest {
  /** Where the default branch stood when it was opened; null when that was not told. */
  readonly base: string | null;
}

const OPEN = `mutation OpenRollback($repository: ID!, $ref: String!, $branch: String!, $oid: GitObjectID!, $base: String!, $title: String!, $body: String!) {
  createRef(input: { repositoryId: $repository, name: $ref, oid: $oid }) { ref { name } }
  createPullRequest(input: { repositoryId: $repository, headRefName: $branch, baseRefName: $base, title: $title, body: $body }) {
    pullRequest { id number url baseRefOid headRefOid }
  }
}`;

const opened = z.object({
  createRef: z.object({ ref: z.object({ name: z.string() }) }),
  createPullRequest: z.object({
    pullRequest: z.object({
      id: z.string(),
      number: z.number(),
      url: z.string(),
      baseRefOid: z.string(),
      headRefOid: z.string(),
    }),
  }),
});

/**
 * Makes the branch and its pull request, once, or brings both up to date. The branch goes from nothing, or from its last
 * commit, straight to the new one: were it reset to the default branch in between, GitHub would close its pull request.
 */
export async function proposeRollback(repository: Repository, proposal: RollbackProposal): Promise<ProposedRollback> {
  return (proposal.open === null ? await openAtOnce(repository, proposal) : null) ?? openOrUpdate(repository, proposal);
}

/** Branch and pull request in one call; null when either is there already, or nobody knows: then both are looked for. */
async function openAtOnce(repository: Repository, proposal: RollbackProposal): Promise<ProposedRollback | null> {
  const { branch, head, title, body, repositoryId } = proposal;
  try {
    const answer: unknown = await repository.octokit.graphql(OPEN, {
      request: { urgency: repository.urgency },
      repository: repositoryId,
      ref: `refs/heads/${branch}`,
      branch,
      oid: head,
      base: repository.defaultBranch,
      title,
      body,
    });
    const { id, number, url, baseRefOid, headRefOid } = opened.parse(answer).createPullRequest.pullRequest;
    return headRefOid === head ? { number, url, state: "open", id, base: baseRefOid } : null;
  } catch (error) {
    // A refusal of the app itself (401, 403) would meet the other way too.
    const status = statusOf(error);
    if (status === 401 || status === 403) throw error;
    return null;
  }
}

async function openOrUpdate(repository: Repository, proposal: RollbackProposal): Promise<ProposedRollback> {
  const { branch, head, title, body } = proposal;
  const wasThere = await moveBranch(repository, branch, head);
  // Where it was not there a moment ago and is now, a lost answer had its effect after all.
  if (!wasThere && !(await createBranch(repository, branch, head))) await moveBranch(repository, branch, head);
  const pull = proposal.open ?? (await openPullRequest(repository, { branch, title, body }, wasThere));
  const { data } = await sendIdempotent(() =>
    repository.octokit.rest.pulls.update({ ...at(repository), pull_number: pull.number, title, body }),
  );
  // GitHub tells the base of an older pull request as it was, not as it is.
  return { number: pull.number, url: pull.url, state: "open", id: data.node_id, base: null };
}

const FINISH = `mutation FinishRollback($pull: ID!, $labels: [ID!]!, $people: [ID!]!) {
  addLabelsToLabelable(input: { labelableId: $pull, labelIds: $labels }) { clientMutationId }
  requestReviews(input: { pullRequestId: $pull, userIds: $people, union: true }) { clientMutationId }
}`;

/** Somebody who is asked for a review. */
interface Reviewer {
  readonly login: string;
  readonly nodeId: string;
}

/** Who is asked to look at a rollback: people, or teams by their slugs. */
export interface Reviewers {
  readonly people: readonly Reviewer[];
  readonly teams: readonly string[];
}

/** Labels a pull request and asks for reviews; both are the same however often it is done. */
export async function announceRollback(
  repository: Repository,
  pull: ProposedRollback,
  label: { readonly name: string; readonly id: string | null },
  { people, teams }: Reviewers,
): Promise<void> {
  if (label.id !== null && people.length > 0) {
    const variables = { pull: pull.id, labels: [label.id], people: people.map(({ nodeId }) => nodeId) };
    const request = { urgency: repository.urgency };
    await sendIdempotent(() => repository.octokit.graphql(FINISH, { request, ...variables }));
    return;
  }
  await labelPullRequest(repository, pull, [label.name]);
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
