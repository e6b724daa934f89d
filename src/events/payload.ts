import { z } from "zod";

// What is read of events is also what is kept of them until they are handled. After an upgrade some are handled that the
// version before had kept, with what it read: a field that is read from then on needs a default, or may be missing
// (`test/events/kept-so-far.jsonl`, where lines are added for what is read anew, and none is changed).

const account = z.object({ login: z.string(), id: z.number(), type: z.string() });

const installation = z.object({ id: z.number() });

const repository = z.object({
  name: z.string(),
  full_name: z.string(),
  html_url: z.string(),
  default_branch: z.string(),
  owner: z.object({ login: z.string() }),
});

/** What every event of a repository tells: which one, and the installation through which it may be read and changed. */
export const repositoryEvent = z.object({ installation, repository });
export type RepositoryEvent = z.output<typeof repositoryEvent>;

/** What is read of `installation` and `installation_repositories` events. */
export const installationPayload = z.object({ installation });

const label = z.object({ name: z.string() });

/** What is read of an `issues` event. */
export const issuesPayload = repositoryEvent.extend({
  sender: account,
  issue: z.object({
    number: z.number(),
    html_url: z.string(),
    title: z.string(),
    state: z.string(),
    body: z.string().nullable(),
    user: account.nullable(),
    labels: z.array(label),
    assignees: z.array(account).default([]),
    created_at: z.string(),
    updated_at: z.string().default(""),
    closed_at: z.string().nullable().default(null),
  }),
  changes: z.object({ body: z.object({ from: z.string() }).optional() }).optional(),
});
export type IssuesPayload = z.output<typeof issuesPayload>;

/** The timer of an incident; because a batch began at a moment, in epoch milliseconds, or not. */
export const incidentDuePayload = repositoryEvent.extend({
  issue: z.number(),
  batch: z.number().nullable().default(null),
});
export type IncidentDuePayload = z.output<typeof incidentDuePayload>;

/** The timer of ticks that nobody told of. */
export const dashboardTickPayload = repositoryEvent.extend({ drawing: z.string() });
export type DashboardTickPayload = z.output<typeof dashboardTickPayload>;

/** What is read of an `issue_comment` event. */
export const issueCommentPayload = repositoryEvent.extend({
  sender: account,
  // Only GitHub's own event tells author and text; what was found missing does not.
  issue: z.object({
    number: z.number(),
    html_url: z.string(),
    body: z.string().nullish(),
    user: account.nullish(),
  }),
  comment: z.object({
    id: z.number(),
    body: z.string().nullable(),
    html_url: z.string(),
    created_at: z.string(),
    // Null once the account is deleted.
    user: account.nullable(),
    performed_via_github_app: z.object({ slug: z.string().nullish() }).nullish(),
  }),
  changes: z.object({ body: z.object({ from: z.string() }).optional() }).optional(),
});
export type IssueCommentPayload = z.output<typeof issueCommentPayload>;

/** What is read of a run that ended, in an event and in the list of runs alike. */
export const finishedRun = z.object({
  id: z.number(),
  run_attempt: z.number(),
  path: z.string(),
  event: z.string(),
  conclusion: z.string().nullable(),
  head_sha: z.string(),
  head_branch: z.string().nullable(),
  head_repository: z.object({ full_name: z.string() }).nullable(),
  run_started_at: z.string(),
  updated_at: z.string(),
});

/** What is read of a `workflow_run` event. */
export const workflowRunPayload = repositoryEvent.extend({ workflow_run: finishedRun });
export type WorkflowRunPayload = z.output<typeof workflowRunPayload>;

/** What is read of a `pull_request` event. */
export const pullRequestPayload = repositoryEvent.extend({
  pull_request: z.object({
    number: z.number(),
    html_url: z.string(),
    body: z.string().nullable(),
    merged: z.boolean(),
    merge_commit_sha: z.string().nullish(),
    // Null once the account is deleted.
    user: account.nullable(),
    head: z.object({ ref: z.string() }),
    labels: z.array(z.object({ name: z.string() })),
  }),
  sender: account,
});
export type PullRequestPayload = z.output<typeof pullRequestPayload>;

/** What is read of a `pull_request_review` event. */
export const pullRequestReviewPayload = repositoryEvent.extend({
  review: z.object({
    id: z.number(),
    // Lower case in events, upper case elsewhere.
    state: z.string(),
    html_url: z.string(),
    commit_id: z.string().nullable(),
    user: account.nullable(),
  }),
  pull_request: z.object({ number: z.number(), user: account.nullable() }),
});
export type PullRequestReviewPayload = z.output<typeof pullRequestReviewPayload>;

const files = z.array(z.string()).default([]);

/** What is read of a `push` event. */
export const pushPayload = repositoryEvent.extend({
  ref: z.string(),
  /** Zeros when the branch is new; "" in what reconciliation found, which tells no more than where the branch is. */
  before: z.string().default(""),
  after: z.string(),
  deleted: z.boolean(),
  forced: z.boolean().default(false),
  sender: account.optional(),
  commits: z.array(
    z.object({ id: z.string().default(""), message: z.string(), added: files, modified: files, removed: files }),
  ),
  /** Not in GitHub's event: whether the commits are told, and when it was pushed. Reconciliation knows no commits. */
  isWhole: z.boolean().default(true),
  pushed_at: z.string().default(""),
});
export type PushPayload = z.output<typeof pushPayload>;

/** A payload without what the event promises: the name of the field is in the message, its value is not. */
export class MalformedPayload extends Error {
  override readonly name = "MalformedPayload";
}

/**
 * The part of a payload that is read.
 * @throws {MalformedPayload} naming the first field that is missing or of another type.
 */
export function readPayload<T>(schema: z.ZodType<T>, event: string, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MalformedPayload(`${event}: ${issue?.path.join(".")}: ${issue?.message}`);
}
