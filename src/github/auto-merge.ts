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

/** What became of the wish that GitHub merges by itself. */
export type AutoMergeAnswer =
  | { readonly kind: "on" }
  /** There is nothing to wait for: whoever wants it merged merges it. */
  | { readonly kind: "ready" }
  /** In GitHub's words. */
  | { readonly kind: "refused"; readonly words: string };

/** Switches auto-merge on: GitHub merges as soon as everything that is required is there. */
export async function enableAutoMerge(
  repository: Repository,
  { id }: Pick<OpenPull, "id">,
  { method, headline, body }: Omit<SuspendedMerge, "pull">,
): Promise<AutoMergeAnswer> {
  try {
    await mutate(repository, ENABLE, { pull: id, mergeMethod: method, headline, body });
    return { kind: "on" };
  } catch (error) {
    const words = messageOf(error);
    if (isLostAnswer(error)) throw error;
    if (/already enabled/i.test(words)) return { kind: "on" };
    // peter-evans/enable-pull-request-automerge#343, iterative/cml#955
    if (/is in clean status/i.test(words)) return { kind: "ready" };
    if (!/is in unstable status|can't enable auto.?merge|not allowed|protected branch rules/i.test(words)) throw error;
    return { kind: "refused", words };
  }
}

function mutate({ octokit, urgency }: Repository, mutation: string, variables: object): Promise<unknown> {
  return sendIdempotent(() => octokit.graphql(mutation, { request: { urgency }, ...variables }));
}
