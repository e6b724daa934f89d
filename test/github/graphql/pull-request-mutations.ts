import { createPullRequest, requestReviews } from "../api/pull-requests.ts";
import { mayPush, maySee, Refusal } from "../api/routes.ts";
import { disableAutoMerge, enableAutoMerge } from "../auto-merge.ts";
import type { PullRequestRow, RepositoryRow, UserRow } from "../database.ts";
import { readRef } from "../git/branches.ts";
import { ObjectStore } from "../git/object-store.ts";
import { push } from "../git/push.ts";
import type { Json } from "../json.ts";
import { pullRequestNode } from "./pull-request.ts";
import { type QueryContext, typedError } from "./query-context.ts";
import { refNode } from "./repository.ts";

interface Input<T> {
  readonly input: T & { readonly clientMutationId?: string };
}

/** `Mutation.createRef`: an atomic claim, as in the REST API. */
export function createRef(
  { input }: Input<{ readonly repositoryId: string; readonly name: string; readonly oid: string }>,
  context: QueryContext,
): Json {
  const { row, user } = writable(context, input.repositoryId, "contents");
  const { site } = context;
  if (readRef(site, row, input.name) !== null) {
    throw typedError("UNPROCESSABLE", `A ref named "${input.name}" already exists in the repository.`);
  }
  if (!new ObjectStore(site.db, row.id).commit(input.oid)) throw typedError("UNPROCESSABLE", "Object does not exist");
  push(site, row, input.name, input.oid, user);
  return { clientMutationId: input.clientMutationId ?? null, ref: () => refNode(site, row, input.name) };
}

interface NewPullRequest {
  readonly repositoryId: string;
  readonly headRefName: string;
  readonly baseRefName: string;
  readonly title: string;
  readonly body?: string;
  readonly draft?: boolean;
}

/** `Mutation.createPullRequest`. */
export async function createPullRequestByGraphql(
  { input }: Input<NewPullRequest>,
  context: QueryContext,
): Promise<Json> {
  const { row, user } = writable(context, input.repositoryId, "pull_requests");
  const { title, body = null, headRefName: head, baseRefName: base, draft = false } = input;
  const pull = await refusalsTyped(() =>
    createPullRequest(context.site, row, user, { title, body, head, base, draft }),
  );
  return {
    clientMutationId: input.clientMutationId ?? null,
    pullRequest: () => pullRequestNode(context.site, row, pull),
  };
}

/** `Mutation.addLabelsToLabelable`, for pull requests. */
export function addLabelsToLabelable(
  { input }: Input<{ readonly labelableId: string; readonly labelIds: readonly string[] }>,
  context: QueryContext,
): Json {
  const { pull } = pullRequestById(context, input.labelableId);
  const { db } = context.site;
  const ids = input.labelIds.map((nodeId) => {
    const label = db.labels.findBy("repo_id", pull.repo_id).find((row) => row.node_id === nodeId);
    if (!label) throw typedError("NOT_FOUND", `Could not resolve to a node with the global id of '${nodeId}'.`);
    return label.id;
  });
  const issue = db.issues.findBy("repo_id", pull.repo_id).find(({ number }) => number === pull.number);
  if (issue) db.issues.update(issue.id, { label_ids: [...new Set([...issue.label_ids, ...ids])] });
  return { clientMutationId: input.clientMutationId ?? null };
}

/** `Mutation.requestReviews`, of people. */
export async function requestReviewsByGraphql(
  { input }: Input<{ readonly pullRequestId: string; readonly userIds?: readonly string[]; readonly union?: boolean }>,
  context: QueryContext,
): Promise<Json> {
  const { pull, user } = pullRequestById(context, input.pullRequestId);
  const people = (input.userIds ?? []).map((id) => context.site.db.users.all().find(({ node_id }) => node_id === id));
  const kept = input.union ? pull : { ...pull, requested_reviewer_ids: [] };
  await refusalsTyped(() => requestReviews(context.site, kept, people, user));
  return { clientMutationId: input.clientMutationId ?? null };
}

interface AutoMergeInput {
  readonly pullRequestId: string;
  readonly mergeMethod?: "MERGE" | "SQUASH" | "REBASE";
  readonly commitHeadline?: string | null;
  readonly commitBody?: string | null;
}

const METHOD = { MERGE: "merge", SQUASH: "squash", REBASE: "rebase" } as const;

/** `Mutation.enablePullRequestAutoMerge`. */
export async function enablePullRequestAutoMerge(
  { input }: Input<AutoMergeInput>,
  context: QueryContext,
): Promise<Json> {
  const { pull, user, row } = pullRequestById(context, input.pullRequestId);
  const { mergeMethod = "MERGE", commitHeadline: headline = null, commitBody: body = null } = input;
  const wish = { method: METHOD[mergeMethod], headline, body };
  const current = await refusalsTyped(() => enableAutoMerge(context.site, row, pull, user, wish));
  return {
    clientMutationId: input.clientMutationId ?? null,
    pullRequest: () => pullRequestNode(context.site, row, current),
  };
}

/** `Mutation.disablePullRequestAutoMerge`. */
export async function disablePullRequestAutoMerge(
  { input }: Input<AutoMergeInput>,
  context: QueryContext,
): Promise<Json> {
  const { pull, user, row } = pullRequestById(context, input.pullRequestId);
  const current = await refusalsTyped(() => disableAutoMerge(context.site, pull, user));
  return {
    clientMutationId: input.clientMutationId ?? null,
    pullRequest: () => pullRequestNode(context.site, row, current),
  };
}

function pullRequestById(
  context: QueryContext,
  id: string,
): { readonly pull: PullRequestRow; readonly user: UserRow; readonly row: RepositoryRow } {
  const { site } = context;
  const pull = site.db.pullRequests.all().find(({ node_id }) => node_id === id);
  const repository = pull && site.db.repos.get(pull.repo_id);
  if (!pull || !repository) throw typedError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
  return { pull, ...writable(context, repository.node_id, "pull_requests") };
}

/** The repository of a node id, for those who may write to it. */
function writable(
  { site, caller }: QueryContext,
  id: string,
  permission: string,
): { readonly row: RepositoryRow; readonly user: UserRow } {
  const row = site.db.repos.all().find(({ node_id }) => node_id === id);
  if (!row || !maySee(site, caller, row)) {
    throw typedError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
  }
  const isGranted = caller.kind !== "installation" || caller.token.permissions[permission] === "write";
  if (!("user" in caller) || !isGranted || !mayPush(site, caller, row)) {
    throw typedError("FORBIDDEN", "Resource not accessible by integration");
  }
  return { row, user: caller.user };
}

async function refusalsTyped<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const details = (error.errors ?? []).flatMap(({ message }) => (typeof message === "string" ? [message] : []));
    throw typedError("UNPROCESSABLE", details[0] ?? error.message);
  }
}
