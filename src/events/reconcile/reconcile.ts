import { parseInstant, printInstant } from "../../domain/instant.ts";
import { failureOf } from "../../github/failure.ts";
import { at, type Repository, repositoryOf, whyGone } from "../../github/repository.ts";
import { laneOf, type Timer } from "../../inbox/inbox.ts";
import { lookAtDashboard } from "../dashboard/look.ts";
import { followFoundBatches } from "../dashboard/request.ts";
import { watchApprovals } from "../holds/approvals-due.ts";
import { RECONCILE } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { recheckTimer } from "../supply-chain/recheck.ts";
import { overdueTimer, staleTimer } from "../watch/activity.ts";
import { closeLeftovers } from "./leftover.ts";
import { missedClosings } from "./missed-closings.ts";
import { missedComments } from "./missed-comments.ts";
import { missedGates } from "./missed-gates.ts";
import { remindOfLow, watchOpenIncidents } from "./missed-incidents.ts";
import { missedPushes } from "./missed-pushes.ts";
import { missedReviews, rememberWaiting } from "./missed-reviews.ts";
import { missedRuns } from "./missed-runs.ts";
import type { ReconcilePayload } from "./payload.ts";
import { LOOK_BACK } from "./period.ts";

/**
 * Looks for what the webhooks missed in one repository: runs that ended, comments, pushes, pull requests, reviews. What is
 * missing goes through the same inbox as what came, under an id that says what it is, so that it is found once. In quiet
 * times each look is answered 304.
 */
export async function reconcile(payload: ReconcilePayload, services: Services): Promise<void> {
  // The next look is set before this one can fail: whatever happens, there will be one.
  const again = reconcileTimer(payload, payload, services.now() + services.reconcileInterval);
  await services.inbox.schedule([again]);
  // A lost inbox has lost the watches too; each looks for itself what there is to watch.
  const now = services.now();
  const watches = [staleTimer(payload, now), overdueTimer(payload, now), recheckTimer(payload, now)];
  await services.inbox.schedule(watches, "keep");
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "housekeeping");
  try {
    const next = reconcileTimer(payload, await lookFor(payload, repository, services), again.at);
    if (next.body !== again.body) await services.inbox.schedule([next]);
  } catch (error) {
    if (await isGone(error, repository, services)) await services.inbox.cancel(again.key);
    throw error;
  }
}

/** Until when was looked, by kinds. */
type Looked = Pick<ReconcilePayload, "comments_since" | "pushes_since" | "closings_since">;

/** The timer of a repository's next look. */
export function reconcileTimer(event: RepositoryEvent, looked: Looked, at: number): Timer {
  const { installation, repository } = event;
  const { comments_since, pushes_since, closings_since } = looked;
  const lane = laneOf(repository.full_name);
  const body = JSON.stringify({ installation, repository, comments_since, pushes_since, closings_since });
  return { key: `reconcile:${lane}`, lane, event: RECONCILE, body, at };
}

/** Puts into the inbox what is missing; returns from when on comments and pushes are looked at the next time. */
async function lookFor(payload: ReconcilePayload, repository: Repository, services: Services): Promise<Looked> {
  const [runs, pushes, comments, closings] = await Promise.all([
    missedRuns(payload, repository, services),
    missedPushes(payload, repository, services),
    missedComments(payload, repository, services),
    missedClosings(payload, repository, services),
  ]);
  await lookAtPulls(payload, repository, services);
  const reviews = await missedReviews(payload, repository, services);
  await watchOpenIncidents(payload, repository, services);
  if (runs.latest !== null) await remindOfLow(payload, repository, runs.latest, services);
  await lookAtDashboard(payload, repository, services);
  const found = [runs, pushes.found, comments.found, closings.found, ...reviews];
  const deliveries = found.flatMap((part) => part.deliveries);
  if (deliveries.length > 0) {
    const ids = deliveries.map(({ id }) => id);
    services.log.info({ repository: repository.fullName, ids }, "looked at again: no webhook was counted for these");
    await services.inbox.accept(deliveries);
  }
  for (const { keep } of found) keep();
  // In leaps, so that the address of the next look is mostly that of the last, and can be answered 304.
  const isLongAgo = (parseInstant(comments.since) ?? 0) < services.now() - 2 * LOOK_BACK;
  const commentsSince = isLongAgo ? printInstant(services.now() - LOOK_BACK) : comments.since;
  return { comments_since: commentsSince, pushes_since: pushes.since, closings_since: closings.since };
}

/**
 * Where pull requests are open their gates are seen to. An inbox that was lost has lost the timer of what waits for a second
 * operator: own pull requests set it again. Those that came to nothing are closed.
 */
async function lookAtPulls(payload: ReconcilePayload, repository: Repository, services: Services): Promise<void> {
  const news = await services.reader.news(`pulls ${repository.fullName}`, (headers) =>
    repository.octokit.rest.pulls.list({ ...at(repository), state: "open", per_page: 100, headers }),
  );
  const isOpen = news !== null && news.data.length > 0;
  if (isOpen || services.enforcement.memory.isUnfinished(repository)) await missedGates(repository, services);
  if (news === null) return;
  const branches = news.data.map(({ head }) => head.ref);
  await followFoundBatches(payload, branches, repository, services);
  const own = await services.botLogin();
  const pulls = news.data.filter(({ user }) => user?.login === own);
  rememberWaiting(repository, pulls, services);
  if (pulls.length > 0) await watchApprovals(payload, services.now(), services);
  if (!(await closeLeftovers(pulls, repository, services))) news.keep();
}

async function isGone(error: unknown, { fullName, octokit }: Repository, { now }: Services): Promise<boolean> {
  const { kind } = failureOf(error, now());
  return kind === "gone" || (kind === "broken" && (await whyGone(fullName, octokit).catch(() => null)) !== null);
}
