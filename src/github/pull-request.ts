import { isLostAnswer, isMissing, messageOf, statusOf } from "./failure.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent, sendOnce } from "./send-once.ts";

/** The label of everything this app opens. */
export const OWN_LABEL = "batchkeeper";
/** The label of a pull request that this app did not merge as soon as it had opened it. */
export const WAITING_LABEL = "batchkeeper:waiting";

/** A pull request of this app, as far as it is needed. */
export interface PullRequest {
  /** Node id, as GraphQL wants it. */
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "merged" | "closed";
}

export type MergeResult =
  | { readonly kind: "merged"; readonly sha: string }
  /** A branch moved while GitHub merged, or GitHub has not taken in the latest push yet: the same merge may still do. */
  | { readonly kind: "moved" }
  /** The base has changed the same lines: compute the change anew. */
  | { readonly kind: "conflict" }
  /** A rule of the repository wants something first; GitHub's words for what it is. */
  | { readonly kind: "blocked"; readonly waitsFor: string };

const MERGE_METHODS = ["squash", "merge", "rebase"] as const;

/** The pull request of a branch of this repository, open ones first; null when there is none. */
export async function findPullRequest(repository: Repository, branch: string): Promise<PullRequest | null> {
  const { data } = await repository.octokit.rest.pulls.list({
    ...at(repository),
    head: `${repository.owner}:${branch}`,
    state: "all",
    per_page: 10,
  });
  const found = data.find(({ state }) => state === "open") ?? data[0];
  if (found === undefined) return null;
  const state = found.state === "open" ? "open" : found.merged_at === null ? "closed" : "merged";
  return { id: found.node_id, number: found.number, url: found.html_url, state };
}

/**
 * Opens a pull request of a branch onto the default branch; the one that is already open is found instead of doubled.
 * @param mayBeOpen where one is probably open: it is looked for first then, which saves a write.
 */
export async function openPullRequest(
  repository: Repository,
  request: { readonly branch: string; readonly title: string; readonly body: string },
  mayBeOpen: boolean,
): Promise<PullRequest> {
  const find = async (): Promise<PullRequest | null> => {
    const found = await findPullRequest(repository, request.branch);
    return found?.state === "open" ? found : null;
  };
  const create = async (): Promise<PullRequest> => {
    const { data } = await repository.octokit.rest.pulls.create({
      ...at(repository),
      head: request.branch,
      base: repository.defaultBranch,
      title: request.title,
      body: request.body,
    });
    return { id: data.node_id, number: data.number, url: data.html_url, state: "open" };
  };
  const known = mayBeOpen ? await find() : null;
  if (known !== null) return known;
  try {
    return await sendOnce(create, find);
  } catch (error) {
    // 422: "A pull request already exists for owner:branch" (GitHub documentation, "Create a pull request").
    const existing = statusOf(error) === 422 ? await find() : null;
    if (existing === null) throw error;
    return existing;
  }
}

/**
 * Merges a pull request at exactly the head that was written, by the first method that the repository allows. The squash
 * keeps our trailers on the default branch; a rebase cannot, but its commit has them already.
 */
export async function mergePullRequest(
  repository: Repository,
  pull: PullRequest,
  commit: { readonly head: string; readonly title: string; readonly message: string },
): Promise<MergeResult> {
  for (const method of MERGE_METHODS) {
    try {
      const sha = await sendOnce(
        async () =>
          (await repository.octokit.rest.pulls.merge(mergeParameters(repository, pull, commit, method))).data.sha,
        () => mergeCommit(repository, pull),
      );
      return { kind: "merged", sha };
    } catch (error) {
      const refusal = refusedMerge(error);
      if (refusal !== "method") return refusal;
    }
  }
  return { kind: "blocked", waitsFor: "a merge by a person: no merge method is allowed to this app" };
}

/** Adds labels; those that the pull request has already stay. */
export async function labelPullRequest(
  repository: Repository,
  pull: PullRequest,
  labels: readonly string[],
): Promise<void> {
  await sendIdempotent(() =>
    repository.octokit.rest.issues.addLabels({ ...at(repository), issue_number: pull.number, labels: [...labels] }),
  );
}

function mergeParameters(
  repository: Repository,
  pull: PullRequest,
  { head, title, message }: { head: string; title: string; message: string },
  method: (typeof MERGE_METHODS)[number],
) {
  const text = method === "rebase" ? {} : { commit_title: title, commit_message: message };
  return { ...at(repository), pull_number: pull.number, sha: head, merge_method: method, ...text };
}

async function mergeCommit(repository: Repository, { number }: PullRequest): Promise<string | null> {
  const { data } = await repository.octokit.rest.pulls.get({ ...at(repository), pull_number: number });
  return data.merged ? (data.merge_commit_sha ?? null) : null;
}

/** What a refused merge means; rethrows what is no refusal. 405 and 409: GitHub documentation, "Merge a pull request". */
function refusedMerge(error: unknown): MergeResult | "method" {
  const status = statusOf(error);
  if (isLostAnswer(error) || isMissing(error) || (status !== 405 && status !== 409 && status !== 403)) throw error;
  const message = messageOf(error);
  if (/merges are not allowed|merge method|commits are not allowed/i.test(message)) return "method";
  if (/branch was modified/i.test(message)) return { kind: "moved" };
  if (status === 409 && !/rule violation/i.test(message)) return { kind: "moved" };
  if (/not mergeable|merge conflict/i.test(message)) return { kind: "conflict" };
  return { kind: "blocked", waitsFor: message };
}
