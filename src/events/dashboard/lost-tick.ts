import { tickedIn } from "../../dashboard/box.ts";
import { type Drawing, readDrawing } from "../../dashboard/drawing.ts";
import { describeOffer, type Offer, offerKey, wordsOf } from "../../dashboard/offer.ts";
import { MINUTE, printInstant } from "../../domain/instant.ts";
import { writeComment } from "../../github/comment.ts";
import { type DashboardIssue, findDashboard } from "../../github/dashboard-issue.ts";
import { readMarker } from "../../github/marker.ts";
import { at, type Repository, repositoryOf } from "../../github/repository.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { DASHBOARD_TICK, ISSUES } from "../occurrence.ts";
import type { DashboardTickPayload, RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { requestDrawing } from "./request.ts";

/** By how much GitHub's clock and ours may differ. */
const CLOCKS_DIFFER = 10 * MINUTE;

/** Begins the keys of the answers to the ticks of one box of one drawing. */
export function tickKey(issue: number, { id }: Pick<Drawing, "id">, offer: Offer): string {
  return `tick:${issue}:${id}:${offerKey(offer)}:`;
}

/** The key of the answer to a tick of which nobody knows who made it. */
export function lostTickKey(...box: Parameters<typeof tickKey>): string {
  return `${tickKey(...box)}lost`;
}

/**
 * The boxes of the dashboard that are ticked and have no answer. Without a call where none is ticked; what somebody has edited
 * by hand is no box of ours.
 */
export async function unansweredTicks(
  repository: Repository,
  { number, body }: DashboardIssue,
  { seal, botLogin }: Services,
): Promise<readonly Offer[]> {
  const ticked = tickedIn(body);
  const drawing = ticked.length === 0 ? null : readDrawing(body, { ...repository, seal });
  if (drawing?.isIntact !== true) return [];
  const [comments, own] = await Promise.all([
    repository.octokit.paginate(repository.octokit.rest.issues.listComments, {
      ...at(repository),
      issue_number: number,
      since: printInstant(drawing.at - CLOCKS_DIFFER),
      per_page: 100,
    }),
    botLogin(),
  ]);
  const answers = comments
    .filter(({ user }) => user?.login === own)
    .flatMap((comment) => readMarker(comment.body, "reply") ?? readMarker(comment.body, "reply-begun") ?? []);
  return ticked.filter((offer) => !answers.some((key) => key.startsWith(tickKey(number, drawing, offer))));
}

/** Looks again at what is ticked now, when its event can be expected no more. */
export function watchTicks(
  { installation, repository }: RepositoryEvent,
  issue: DashboardIssue,
  { inbox, now, seal, dashboardPace }: Services,
): Promise<void> {
  const lane = laneOf(repository.full_name);
  const drawing = readDrawing(issue.body, { fullName: repository.full_name, seal })?.id ?? "";
  const body = JSON.stringify({ installation, repository, drawing });
  const timer = {
    key: `dashboard-tick:${lane}`,
    lane,
    event: DASHBOARD_TICK,
    body,
    at: now() + dashboardPace.onItsWay,
  };
  return inbox.schedule([timer], "keep");
}

/** Whether an event of an issue has come and waits for a GitHub that fails, or for room to write: it may tell of the ticks. */
function isHeard({ repository }: RepositoryEvent, { inbox }: Services): Promise<boolean> {
  return inbox.holds(laneOf(repository.full_name), ISSUES);
}

/**
 * Boxes that were ticked a while ago and of which no event told: the issue does not say who ticked them, and nobody's
 * permission is no permission. That is said, and the boxes are drawn empty.
 */
export async function onTickLost(event: DashboardTickPayload, services: Services): Promise<void> {
  const octokit = await services.octokitOf(event.installation.id);
  const repository = repositoryOf(event.repository, octokit, "housekeeping");
  const issue = await findDashboard(repository, services.botLogin);
  const drawing = issue === null ? null : readDrawing(issue.body, { ...repository, seal: services.seal });
  if (issue === null || drawing === null) return;
  const unanswered = await unansweredTicks(repository, issue, services);
  // Of another drawing than the one that was looked at: these may still be on their way.
  const isOfAnother = drawing.id !== event.drawing;
  if (unanswered.length > 0 && (isOfAnother || (await isHeard(event, services))))
    return watchTicks(event, issue, services);
  for (const offer of unanswered) {
    const text = `**Not run**: **${describeOffer(offer)}** was ticked, but GitHub did not tell who did it, and only that person's permission counts. Comment \`/batch ${wordsOf(offer).join(" ")}\` instead.`;
    const marker = { kind: "reply", key: lostTickKey(issue.number, drawing, offer) } as const;
    await writeComment(repository, issue.number, marker, text, services.botLogin);
  }
  await requestDrawing(event, services);
}
