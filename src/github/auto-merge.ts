import type { SuspendedMerge } from "../domain/gate/enforced.ts";
import { isLostAnswer, messageOf } from "./failure.ts";
import type { OpenPull } from "./open-pull.ts";
import type { Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

const DISABLE = `mutation DisableAutoMerge($pull: ID!) {
  disablePullRequestAutoMerge(input: { pullRequestId: $pull }) { clientMutationId }
}`;

const ENABLE = `mutation EnableAutoMerge($pull: ID!, $mergeMethod: PullRequestMergeMethod!, $headline: String, $body: String) {
  enablePullRequestAutoMerge(
    input: { pullRequestId: $pull, mergeMethod: $mergeMethod, commitHeadline: $headline, commitBody: $body }
  ) { clientMutationId }
}`;

/** Switches auto-merge off; where it is off already, or the pull request is closed, there is nothing to do. */
export async function disableAutoMerge(repository: Repository, { id }: Pick<OpenPull, "id">): Promise<void> {
  try {
    await mutate(repository, DISABLE, { pull: id });
  } catch (error) {
    if (isLostAnswer(error) || !/can't disable auto.?merge|not enabled/i.test(messageOf(error))) throw error;
  }
}

/**
 * Switches auto-merge on as it was.
 * @returns false where GitHub sees nothing to wait for any more: it then refuses, and a person has to merge.
 */
export async function enableAutoMerge(
  repository: Repository,
  { id }: Pick<OpenPull, "id">,
  { method, headline, body }: SuspendedMerge,
): Promise<boolean> {
  try {
    await mutate(repository, ENABLE, { pull: id, mergeMethod: method, headline, body });
    return true;
  } catch (error) {
    const message = messageOf(error);
    if (isLostAnswer(error)) throw error;
    if (/already enabled/i.test(message)) return true;
    // peter-evans/enable-pull-request-automerge#343, iterative/cml#955
    const isRefused = /is in (?:clean|unstable) status|can't enable auto.?merge|not allowed|protected branch rules/i;
    if (!isRefused.test(message)) throw error;
    return false;
  }
}

function mutate({ octokit, urgency }: Repository, mutation: string, variables: object): Promise<unknown> {
  return sendIdempotent(() => octokit.graphql(mutation, { request: { urgency }, ...variables }));
}
