import { z } from "zod";
import { readMarker } from "../github/marker.ts";
import type { Delivery } from "../inbox/inbox.ts";
import {
  type DashboardTickPayload,
  dashboardTickPayload,
  type IncidentDuePayload,
  type IssueCommentPayload,
  type IssuesPayload,
  incidentDuePayload,
  installationPayload,
  issueCommentPayload,
  issuesPayload,
  MalformedPayload,
  type PullRequestPayload,
  type PullRequestReviewPayload,
  type PushPayload,
  pullRequestPayload,
  pullRequestReviewPayload,
  pushPayload,
  type RepositoryEvent,
  readPayload,
  repositoryEvent,
  type WorkflowRunPayload,
  workflowRunPayload,
} from "./payload.ts";
import { type ReconcilePayload, reconcilePayload, type SweepPayload, sweepPayload } from "./reconcile/payload.ts";
import {
  type AcceptDriftPayload,
  type ApproveDriftPayload,
  acceptDriftPayload,
  approveDriftPayload,
  type PushLookPayload,
  pushLookPayload,
  type VerifyPayload,
  verifyPayload,
} from "./supply-chain/payload.ts";

/** What a delivery says happened, once its payload is read. */
export type Occurrence =
  | { readonly kind: "comment"; readonly action: "created" | "edited"; readonly payload: IssueCommentPayload }
  /** Somebody edited the dashboard: a tick of one of its boxes is a command. */
  | { readonly kind: "dashboard-edited"; readonly payload: IssuesPayload }
  | { readonly kind: "issue"; readonly action: IssueAction; readonly payload: IssuesPayload }
  /** A timer: an incident may have to be reminded of, or escalated. */
  | { readonly kind: "incident-due"; readonly payload: IncidentDuePayload }
  /** A timer: the dashboard may have something new to show. */
  | { readonly kind: "dashboard"; readonly payload: RepositoryEvent }
  /** A timer: boxes were ticked of which no event told. */
  | { readonly kind: "dashboard-tick"; readonly payload: DashboardTickPayload }
  | { readonly kind: "run"; readonly payload: WorkflowRunPayload }
  | { readonly kind: "run-started"; readonly payload: WorkflowRunPayload }
  | { readonly kind: "push"; readonly payload: PushPayload }
  | { readonly kind: "pull-changed"; readonly payload: PullRequestPayload }
  | { readonly kind: "pull-closed"; readonly payload: PullRequestPayload }
  /** A timer: time changes something in the control file. */
  | { readonly kind: "deadline"; readonly payload: RepositoryEvent }
  /** A timer: no batch run was seen for as long as is too long. */
  | { readonly kind: "stale"; readonly payload: RepositoryEvent }
  /** A timer: a breaker may have been open for a day. */
  | { readonly kind: "overdue"; readonly payload: RepositoryEvent }
  | { readonly kind: "review"; readonly payload: PullRequestReviewPayload }
  /** A timer: something waited for a second operator for long. */
  | { readonly kind: "approvals-due"; readonly payload: RepositoryEvent }
  /** A timer: something is to happen because of a hold of the repository. */
  | { readonly kind: "holds-due"; readonly payload: RepositoryEvent }
  /** A timer: a run that started while something is stopped is to be looked at. */
  | { readonly kind: "run-look"; readonly payload: WorkflowRunPayload }
  /** What a recipe downloads is to be compared with its checksum. */
  | { readonly kind: "verify"; readonly payload: VerifyPayload }
  /** A recipe is to have the checksum of what it downloads now, if a second operator agrees. */
  | { readonly kind: "accept-drift"; readonly payload: AcceptDriftPayload }
  /** A second operator agreed. */
  | { readonly kind: "approve-drift"; readonly payload: ApproveDriftPayload }
  /** A timer: recipes are to be verified again, those whose turn it is. */
  | { readonly kind: "recheck"; readonly payload: RepositoryEvent }
  /** A timer: a push is to be looked into. */
  | { readonly kind: "push-look"; readonly payload: PushLookPayload }
  /** A timer: what the webhooks missed in a repository is to be looked for. */
  | { readonly kind: "reconcile"; readonly payload: ReconcilePayload }
  /** A timer, or an installation that changed: installations and GitHub's delivery log are to be looked through. */
  | { readonly kind: "sweep"; readonly payload: SweepPayload };

/** What happens to issues, as far as it says something of incidents or of the dashboard. */
const ISSUE_ACTIONS = ["opened", "edited", "reopened", "closed", "assigned", "deleted"] as const;
export type IssueAction = (typeof ISSUE_ACTIONS)[number];

/** The name of the events of issues, the dashboard's among them. */
export const ISSUES = "issues";

/** Names of the timers' events. */
export const PUSH_LOOK = "timer.push-look";
export const VERIFY = "timer.verify";
export const ACCEPT_DRIFT = "timer.accept-drift";
export const APPROVE_DRIFT = "timer.approve-drift";
export const RECHECK = "timer.recheck";
export const INCIDENT_DUE = "timer.incident-due";
export const DASHBOARD = "timer.dashboard";
export const DASHBOARD_TICK = "timer.dashboard-tick";
export const DEADLINE = "timer.deadline";
export const STALE = "timer.stale";
export const OVERDUE = "timer.overdue";
export const APPROVALS_DUE = "timer.approvals-due";
export const HOLDS_DUE = "timer.holds-due";
export const RUN_LOOK = "timer.run-look";
export const RECONCILE = "timer.reconcile";
export const SWEEP = "timer.sweep";

/** How an event is read. */
interface Entry {
  /** Those that are handled; null: the event has none. */
  readonly actions: readonly string[] | null;
  readonly read: (payload: unknown, action: string, event: string) => Occurrence;
  /** What is read of a payload; null when it is not as the event promises. */
  readonly parts: (payload: unknown) => object | null;
}

function entry<Payload extends object>(
  schema: z.ZodType<Payload>,
  occurrence: (payload: Payload, action: string) => Occurrence,
  actions: readonly string[] | null = null,
): Entry {
  return {
    actions,
    read: (payload, action, event) => occurrence(readPayload(schema, event, payload), action),
    parts: (payload) => schema.safeParse(payload).data ?? null,
  };
}

/** Every event that is handled, in one table. What is not listed here is neither stored nor handled. */
const TABLE: Readonly<Record<string, Entry>> = {
  issue_comment: entry(
    issueCommentPayload,
    (payload, action) => ({ kind: "comment", action: action === "edited" ? "edited" : "created", payload }),
    ["created", "edited"],
  ),
  [ISSUES]: entry(
    issuesPayload,
    (payload, action) =>
      isDashboardEdit(ISSUES, { ...payload, action })
        ? { kind: "dashboard-edited", payload }
        : { kind: "issue", action: ISSUE_ACTIONS.find((known) => known === action) ?? "edited", payload },
    ISSUE_ACTIONS,
  ),
  workflow_run: entry(
    workflowRunPayload,
    (payload, action) => ({ kind: action === "in_progress" ? "run-started" : "run", payload }),
    ["completed", "in_progress"],
  ),
  push: entry(pushPayload, (payload) => ({ kind: "push", payload })),
  pull_request: entry(
    pullRequestPayload,
    (payload, action) => ({ kind: action === "closed" ? "pull-closed" : "pull-changed", payload }),
    ["opened", "synchronize", "reopened", "edited", "auto_merge_enabled", "closed"],
  ),
  pull_request_review: entry(pullRequestReviewPayload, (payload) => ({ kind: "review", payload }), ["submitted"]),
  installation: entry(installationPayload, sweepOf, ["created", "unsuspend", "new_permissions_accepted"]),
  installation_repositories: entry(installationPayload, sweepOf, ["added"]),
  // Our own. GitHub's names of events have no dot, so that none of these can come from outside.
  [INCIDENT_DUE]: entry(incidentDuePayload, (payload) => ({ kind: "incident-due", payload })),
  [DASHBOARD]: entry(repositoryEvent, (payload) => ({ kind: "dashboard", payload })),
  [DASHBOARD_TICK]: entry(dashboardTickPayload, (payload) => ({ kind: "dashboard-tick", payload })),
  [DEADLINE]: entry(repositoryEvent, (payload) => ({ kind: "deadline", payload })),
  [STALE]: entry(repositoryEvent, (payload) => ({ kind: "stale", payload })),
  [OVERDUE]: entry(repositoryEvent, (payload) => ({ kind: "overdue", payload })),
  [APPROVALS_DUE]: entry(repositoryEvent, (payload) => ({ kind: "approvals-due", payload })),
  [HOLDS_DUE]: entry(repositoryEvent, (payload) => ({ kind: "holds-due", payload })),
  [RUN_LOOK]: entry(workflowRunPayload, (payload) => ({ kind: "run-look", payload })),
  [VERIFY]: entry(verifyPayload, (payload) => ({ kind: "verify", payload })),
  [ACCEPT_DRIFT]: entry(acceptDriftPayload, (payload) => ({ kind: "accept-drift", payload })),
  [APPROVE_DRIFT]: entry(approveDriftPayload, (payload) => ({ kind: "approve-drift", payload })),
  [RECHECK]: entry(repositoryEvent, (payload) => ({ kind: "recheck", payload })),
  [PUSH_LOOK]: entry(pushLookPayload, (payload) => ({ kind: "push-look", payload })),
  [RECONCILE]: entry(reconcilePayload, (payload) => ({ kind: "reconcile", payload })),
  [SWEEP]: entry(sweepPayload, (payload) => ({ kind: "sweep", payload })),
};

/** Whether an event of GitHub's is one that is handled. */
export function isHandled(event: string, action: unknown): boolean {
  const actions = entryOf(event)?.actions;
  return actions === null || actions?.some((handled) => handled === action) === true;
}

const edit = z.object({
  action: z.literal("edited"),
  changes: z.object({ body: z.object({ from: z.string() }) }),
  sender: z.object({ type: z.string() }),
});

/** Whether a person waits for what is done about an event: for the answer to a comment, or to a tick on the dashboard. */
export function isUrgent(event: string, payload: unknown): boolean {
  return event === "issue_comment" || isDashboardEdit(event, payload);
}

/** Whether a person edited the text of something that says it is the dashboard. Whose it is, its handler looks at. */
function isDashboardEdit(event: string, payload: unknown): boolean {
  const read = event === ISSUES ? edit.safeParse(payload).data : undefined;
  return read !== undefined && read.sender.type !== "Bot" && readMarker(read.changes.body.from, "dashboard") !== null;
}

/**
 * What is kept of an event until it is handled: what is read of its payload, as JSON. Most of what GitHub sends are addresses:
 * without them a webhook is taken over in little more than half of the time, and takes a fraction of the room. Null when the
 * payload is not as the event promises: all of it is for a version that knows better.
 */
export function keptOf(event: string, action: string | undefined, payload: unknown): string | null {
  const parts = entryOf(event)?.parts(payload) ?? null;
  return parts === null ? null : JSON.stringify({ action, ...parts });
}

/**
 * Reads what a delivery says, of which all or only what is read was kept.
 * @throws {MalformedPayload} when it does not say what its event promises.
 */
export function readOccurrence({ event, body }: Pick<Delivery, "event" | "body">): Occurrence {
  const payload: unknown = JSON.parse(body);
  const known = entryOf(event);
  if (known === undefined) throw new MalformedPayload(`${event}: no event that is handled`);
  const action = typeof payload === "object" && payload !== null && "action" in payload ? payload.action : "";
  return known.read(payload, String(action), event);
}

function entryOf(event: string): Entry | undefined {
  return Object.hasOwn(TABLE, event) ? TABLE[event] : undefined;
}

function sweepOf({ installation }: { readonly installation: { readonly id: number } }): Occurrence {
  return { kind: "sweep", payload: { installation: installation.id, deliveries_since: "" } };
}
