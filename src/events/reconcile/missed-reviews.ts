import { parseInstant } from "../../domain/instant.ts";
import { WAITING_LABEL } from "../../github/pull-request.ts";
import { at, type Repository } from "../../github/repository.ts";
import { type Delivery, laneOf } from "../../inbox/inbox.ts";
import type { Services } from "../services.ts";
import { type Found, NOTHING_FOUND, settledOf } from "./found.ts";
import type { ReconcilePayload } from "./payload.ts";

/** An open pull request of ours that waits for somebody, as GitHub lists it. */
export interface WaitingPull {
  readonly number: number;
  readonly head: { readonly sha: string };
  readonly user: { readonly login: string; readonly id: number; readonly type: string } | null;
  readonly labels: readonly { readonly name: string }[];
}

type Reviews = Awaited<ReturnType<Repository["octokit"]["rest"]["pulls"]["listReviews"]>>["data"];

/** Keeps in mind what waits: GitHub does not promise that a review changes the list of pull requests. */
export function rememberWaiting(
  { fullName }: Repository,
  pulls: readonly WaitingPull[],
  { waitingPulls }: Services,
): void {
  const waiting = pulls.filter(({ labels }) => labels.some(({ name }) => name === WAITING_LABEL));
  if (waiting.length > 0) waitingPulls.set(fullName, waiting);
  else waitingPulls.delete(fullName);
}

/**
 * Approving reviews of what waits for a second operator: one conditional call for each pull request of ours that waits.
 * One that was heard is handed over too: whoever handles it finds what it did.
 */
export async function missedReviews(
  payload: ReconcilePayload,
  repository: Repository,
  services: Services,
): Promise<readonly Found[]> {
  const waiting = services.waitingPulls.get(repository.fullName) ?? [];
  return Promise.all(waiting.map((pull) => reviewsOf(pull, payload, repository, services)));
}

async function reviewsOf(
  pull: WaitingPull,
  payload: ReconcilePayload,
  repository: Repository,
  services: Services,
): Promise<Found> {
  const { number, head } = pull;
  const news = await services.reader.news(`reviews ${repository.fullName} ${number}`, (headers) =>
    repository.octokit.rest.pulls.listReviews({ ...at(repository), pull_number: number, per_page: 100, headers }),
  );
  if (news === null) return NOTHING_FOUND;
  const approving = news.data.filter(({ state, commit_id }) => state === "APPROVED" && commit_id === head.sha);
  const { settled, keep } = settledOf(approving, news, ({ submitted_at }) => parseInstant(submitted_at) ?? 0, services);
  return { deliveries: settled.map((review) => deliveryOf(review, pull, payload, repository)), keep };
}

function deliveryOf(
  review: Reviews[number],
  { number, user }: WaitingPull,
  { installation, repository: payload }: ReconcilePayload,
  { fullName }: Repository,
): Delivery {
  const body = JSON.stringify({
    action: "submitted",
    installation,
    repository: payload,
    sender: review.user,
    review,
    pull_request: { number, user },
  });
  return { id: `review:${review.id}`, event: "pull_request_review", lane: laneOf(fullName), body, urgent: false };
}
