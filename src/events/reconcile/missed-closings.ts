import { parseInstant, printInstant } from "../../domain/instant.ts";
import { WAITING_LABEL } from "../../github/pull-request.ts";
import { at, type Repository } from "../../github/repository.ts";
import { type Delivery, laneOf } from "../../inbox/inbox.ts";
import { closingKey, isControlChange } from "../pull-request.ts";
import type { Services } from "../services.ts";
import { type Found, NOTHING_FOUND, settledOf } from "./found.ts";
import type { ReconcilePayload } from "./payload.ts";
import { LOOK_BACK } from "./period.ts";

const PAGE = 100;
const MOST_PAGES = 5;

type Pulls = Awaited<ReturnType<Repository["octokit"]["rest"]["pulls"]["list"]>>["data"];

/**
 * Pull requests that were merged or closed, which nobody told us of: a batch that merged under a hold, a rollback or a
 * waiting change that came to its end. One conditional call, and one more for each that is found.
 */
export async function missedClosings(
  payload: ReconcilePayload,
  repository: Repository,
  services: Services,
): Promise<{ readonly found: Found; readonly since: string }> {
  const { reader, now, heardClosings } = services;
  const known = payload.closings_since;
  const news = await reader.news(`closed ${repository.fullName}`, (headers) => listClosed(repository, { headers }));
  if (news === null) return { found: NOTHING_FOUND, since: known };
  const since = parseInstant(known) ?? now() - LOOK_BACK;
  const closed = await closedSince(since, news.data, repository);
  const { settled, keep } = settledOf(closed, news, closedAt, services);
  const unheard = settled.filter(
    (pull) =>
      concernsUs(pull) && !heardClosings.has(closingKey(repository.fullName, { ...pull, merged: isMerged(pull) })),
  );
  const deliveries = await Promise.all(unheard.map((pull) => deliveryOf(pull, payload, repository)));
  const next = settled.length === 0 ? known : printInstant(Math.max(...settled.map(closedAt)));
  return { found: { deliveries, keep }, since: next };
}

/** This app's own changes of the control file are over when they are closed, unless somebody waits for them. */
function concernsUs(pull: Pulls[number]): boolean {
  return !isControlChange(pull) || pull.labels.some(({ name }) => name === WAITING_LABEL);
}

/** What was closed was updated then, so that the list ends where updates are older. */
async function closedSince(since: number, first: Pulls, repository: Repository): Promise<Pulls> {
  const pulls = [...first];
  const goesOn = () => pulls.length % PAGE === 0 && (parseInstant(pulls.at(-1)?.updated_at) ?? 0) >= since;
  for (let page = 2; goesOn() && page <= MOST_PAGES; page += 1) {
    pulls.push(...(await listClosed(repository, { page })).data);
  }
  return pulls.filter((pull) => closedAt(pull) >= since);
}

async function deliveryOf(
  pull: Pulls[number],
  { installation, repository: payload }: ReconcilePayload,
  repository: Repository,
): Promise<Delivery> {
  const { number, html_url, body, user, head, labels, merge_commit_sha, closed_at } = pull;
  // GitHub keeps who closed it with the issue that every pull request is; an account that is gone is `ghost` everywhere.
  const { data: issue } = await repository.octokit.rest.issues.get({ ...at(repository), issue_number: number });
  const text = JSON.stringify({
    action: "closed",
    installation,
    repository: payload,
    sender: issue.closed_by ?? GHOST,
    pull_request: { number, html_url, body, user, head, labels, merge_commit_sha, merged: isMerged(pull) },
  });
  const id = `closed:${repository.fullName}:${number}:${closed_at}`;
  return { id, event: "pull_request", lane: laneOf(repository.fullName), body: text, urgent: false };
}

const GHOST = { login: "ghost", id: 10137, type: "User" };

function closedAt({ closed_at }: Pulls[number]): number {
  return parseInstant(closed_at) ?? 0;
}

function isMerged({ merged_at }: Pulls[number]): boolean {
  return merged_at !== null;
}

function listClosed(repository: Repository, extra: { headers?: Record<string, string>; page?: number }) {
  return repository.octokit.rest.pulls.list({
    ...at(repository),
    state: "closed",
    sort: "updated",
    direction: "desc",
    per_page: PAGE,
    ...extra,
  });
}
