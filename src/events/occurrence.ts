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

/** How an event is read. `actions` null: the event has none. */
interface Entry {
  readonly actions: readonly string[] | null;
  readonly read: (payload: unknown, action: string, event: string) => Occurrence;
}

/** Every event that is handled, in one table. What is not listed here is neither stored nor handled. */
const TABLE: Readonly<Record<string, Entry>> = {
  issue_comment: {
    actions: ["created", "edited"],
    read: (payload, action, event) => ({
      kind: "comment",
      action: action === "edited" ? "edited" : "created",
      payload: readPayload(issueCommentPayload, event, payload),
    }),
  },
  [ISSUES]: {
    actions: ISSUE_ACTIONS,
    read: (payload, action, event) => {
      const read = readPayload(issuesPayload, event, payload);
      if (isDashboardEdit(event, payload)) return { kind: "dashboard-edited", payload: read };
      return { kind: "issue", action: ISSUE_ACTIONS.find((known) => known === action) ?? "edited", payload: read };
    },
  },
  workflow_run: {
    actions: ["completed", "in_progress"],
    read: (payload, action, event) => ({
      kind: action === "in_progress" ? "run-started" : "run",
      payload: readPayload(workflowRunPayload, event, payload),
    }),
  },
  push: { actions: null, read: reader("push", pushPayload) },
  pull_request: {
    actions: ["opened", "synchronize", "reopened", "edited", "auto_merge_enabled", "closed"],
    read: (payload, action, event) => ({
      kind: action === "closed" ? "pull-closed" : "pull-changed",
      payload: readPayload(pullRequestPayload, event, payload),
    }),
  },
  pull_request_review: { actions: ["submitted"], read: reader("review", pullRequestReviewPayload) },
  installation: { actions: ["created", "unsuspend", "new_permissions_accepted"], read: readInstallation },
  installation_repositories: { actions: ["added"], read: readInstallation },
  // Our own. GitHub's names of events have no dot, so that none of these can come from outside.
  [INCIDENT_DUE]: { actions: null, read: reader("incident-due", incidentDuePayload) },
  [DASHBOARD]: { actions: null, read: reader("dashboard", repositoryEvent) },
  [DASHBOARD_TICK]: { actions: null, read: reader("dashboard-tick", dashboardTickPayload) },
  [DEADLINE]: { actions: null, read: reader("deadline", repositoryEvent) },
  [STALE]: { actions: null, read: reader("stale", repositoryEvent) },
  [OVERDUE]: { actions: null, read: reader("overdue", repositoryEvent) },
  [APPROVALS_DUE]: { actions: null, read: reader("approvals-due", repositoryEvent) },
  [HOLDS_DUE]: { actions: null, read: reader("holds-due", repositoryEvent) },
  [RUN_LOOK]: { actions: null, read: reader("run-look", workflowRunPayload) },
  [VERIFY]: { actions: null, read: reader("verify", verifyPayload) },
  [ACCEPT_DRIFT]: { actions: null, read: reader("accept-drift", acceptDriftPayload) },
  [APPROVE_DRIFT]: { actions: null, read: reader("approve-drift", approveDriftPayload) },
  [RECHECK]: { actions: null, read: reader("recheck", repositoryEvent) },
  [PUSH_LOOK]: { actions: null, read: reader("push-look", pushLookPayload) },
  [RECONCILE]: { actions: null, read: reader("reconcile", reconcilePayload) },
  [SWEEP]: { actions: null, read: reader("sweep", sweepPayload) },
};

/** Whether an event of GitHub's is one that is handled. */
export function isHandled(event: string, action: unknown): boolean {
  const entry = Object.hasOwn(TABLE, event) ? TABLE[event] : undefined;
  return entry !== undefined && (entry.actions === null || entry.actions.some((handled) => handled === action));
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
 * Reads what a delivery says.
 * @throws {MalformedPayload} when it does not say what its event promises.
 */
export function readOccurrence({ event, body }: Pick<Delivery, "event" | "body">): Occurrence {
  const payload: unknown = JSON.parse(body);
  const entry = Object.hasOwn(TABLE, event) ? TABLE[event] : undefined;
  if (entry === undefined) throw new MalformedPayload(`${event}: no event that is handled`);
  const action = typeof payload === "object" && payload !== null && "action" in payload ? payload.action : "";
  return entry.read(payload, String(action), event);
}

function reader<Kind extends string, Payload>(kind: Kind, schema: z.ZodType<Payload>) {
  return (payload: unknown, _action: string, event: string) => ({ kind, payload: readPayload(schema, event, payload) });
}

function readInstallation(payload: unknown, _action: string, event: string): Occurrence {
  const { installation } = readPayload(installationPayload, event, payload);
  return { kind: "sweep", payload: { installation: installation.id, deliveries_since: "" } };
}
