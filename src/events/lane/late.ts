import { onDashboardDue } from "../dashboard/draw.ts";
import { onTickLost } from "../dashboard/lost-tick.ts";
import { onApprovalsDue } from "../holds/approvals-due.ts";
import { onHoldsDue } from "../holds/holds-due.ts";
import { onIncidentDue } from "../incidents/incident-due.ts";
import { onIssue } from "../issue.ts";
import type { Occurrence } from "../occurrence.ts";
import { onPullRequestChanged, onPullRequestClosed } from "../pull-request.ts";
import { onPullRequestReview } from "../pull-request-review.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { sweep } from "../reconcile/sweep.ts";
import type { Services } from "../services.ts";
import { acceptDrift } from "../supply-chain/accept-drift.ts";
import { approveDrift } from "../supply-chain/approve-drift.ts";
import { lookIntoPush } from "../supply-chain/look-into-push.ts";
import { recheck } from "../supply-chain/recheck.ts";
import { verifyRecipe } from "../supply-chain/verify-recipe.ts";
import { watchForOverdue } from "../watch/overdue.ts";
import { watchForStandstill } from "../watch/stale.ts";
import { lookAtRun } from "../watch/stopped-run.ts";
import type { Item } from "./item.ts";

/** What is looked at once nothing else is to be done. */
const LATE = [
  "pull-changed",
  "issue",
  "incident-due",
  "pull-closed",
  "review",
  "run-look",
  "stale",
  "overdue",
  "approvals-due",
  "holds-due",
  "push-look",
  "verify",
  "accept-drift",
  "approve-drift",
  "recheck",
  "reconcile",
  "sweep",
  "dashboard-tick",
  "dashboard",
] as const satisfies readonly Occurrence["kind"][];
export type Late = Extract<Occurrence, { kind: (typeof LATE)[number] }>;

/** Whether it neither is a command nor concerns the control file. */
export function canWait(item: Item): item is Item<Late> {
  const kinds: readonly Occurrence["kind"][] = LATE;
  return kinds.includes(item.occurrence.kind);
}

/** Does what is to be done about it. */
export function handleLate({ delivery, occurrence }: Item<Late>, services: Services): Promise<void> {
  switch (occurrence.kind) {
    case "pull-changed":
      return onPullRequestChanged(delivery, occurrence.payload, services);
    case "issue":
      return onIssue(occurrence.action, occurrence.payload, services);
    case "incident-due":
      return onIncidentDue(occurrence.payload, services);
    case "pull-closed":
      return onPullRequestClosed(occurrence.payload, services);
    case "dashboard":
      return onDashboardDue(occurrence.payload, services);
    case "dashboard-tick":
      return onTickLost(occurrence.payload, services);
    case "stale":
      return watchForStandstill(occurrence.payload, services);
    case "overdue":
      return watchForOverdue(occurrence.payload, services);
    case "review":
      return onPullRequestReview(delivery.id, occurrence.payload, services);
    case "approvals-due":
      return onApprovalsDue(occurrence.payload, services);
    case "holds-due":
      return onHoldsDue(delivery.id, occurrence.payload, services);
    case "run-look":
      return lookAtRun(occurrence.payload, services);
    case "push-look":
      return lookIntoPush(occurrence.payload, services);
    case "verify":
      return verifyRecipe(occurrence.payload, services);
    case "accept-drift":
      return acceptDrift(occurrence.payload, services);
    case "approve-drift":
      return approveDrift(occurrence.payload, services);
    case "recheck":
      return recheck(occurrence.payload, services);
    case "reconcile":
      return reconcile(occurrence.payload, services);
    case "sweep":
      return sweep(occurrence.payload, services);
  }
}
