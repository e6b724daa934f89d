import { z } from "zod";
import { statusOf } from "./failure.ts";
import { askForReview, type CommitProposal, proposeCommit, type Reviewers } from "./propose-commit.ts";
import type { PullRequest } from "./pull-request.ts";
import type { Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/** What is to be proposed, and where. */
export interface RollbackProposal extends CommitProposal {
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

/** Makes the branch and its pull request, once, or brings both up to date: where both are new, in one call. */
export async function proposeRollback(repository: Repository, proposal: RollbackProposal): Promise<ProposedRollback> {
  const opened = proposal.open === null ? await openAtOnce(repository, proposal) : null;
  // GitHub tells the base of an older pull request as it was, not as it is.
  return opened ?? { ...(await proposeCommit(repository, proposal)), base: null };
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

const FINISH = `mutation FinishRollback($pull: ID!, $labels: [ID!]!, $people: [ID!]!) {
  addLabelsToLabelable(input: { labelableId: $pull, labelIds: $labels }) { clientMutationId }
  requestReviews(input: { pullRequestId: $pull, userIds: $people, union: true }) { clientMutationId }
}`;

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
  await askForReview(repository, pull, [label.name], { people, teams });
}
