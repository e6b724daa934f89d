import { staleOver } from "../../domain/incidents/stale-incident.ts";
import { DAY, type Instant } from "../../domain/instant.ts";
import type { Repository } from "../../github/repository.ts";
import { attemptOf } from "../../github/run-report.ts";
import { laneOf, type Timer } from "../../inbox/inbox.ts";
import type { Evidence, Kept } from "../control/control-decision.ts";
import { OVERDUE, STALE } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/** Open for so long, an incident is raised (runbook section 2, escalation: over 24 hours). */
export const OVERDUE_AFTER = DAY;

/** The timer that looks whether the pipeline stands still. Each batch run that is seen puts it off. */
export function staleTimer(event: RepositoryEvent, at: Instant): Timer {
  return timerOf(STALE, event, at);
}

/** The timer that looks whether a breaker has been open for a day. */
export function overdueTimer(event: RepositoryEvent, at: Instant): Timer {
  return timerOf(OVERDUE, event, at);
}

function timerOf(name: string, { installation, repository }: RepositoryEvent, at: Instant): Timer {
  const lane = laneOf(repository.full_name);
  return { key: `${name}:${lane}`, lane, event: name, body: JSON.stringify({ installation, repository }), at };
}

/** What a decision on runs means for the watches: there was a sign of life, and a breaker that opened is looked at in a day. */
export async function noteActivity(
  event: RepositoryEvent,
  repository: Repository,
  { runs, starts }: Evidence,
  { counted, countedUntil }: Kept,
  services: Services,
): Promise<void> {
  const { inbox, store, now, incidents } = services;
  const seen = [...runs.map(({ run }) => ({ run: attemptOf(run), at: run.startedAt })), ...starts];
  if (seen.length === 0) return;
  const { stale_after: staleAfter } = (await store.settings(repository)).incidents;
  await inbox.schedule([staleTimer(event, now() + staleAfter)]);
  const hasOpened = counted.some(({ before, transitions }) =>
    [...transitions.values()].some(({ kind, breaker }) => kind === "opened" || (before && breaker.state !== "closed")),
  );
  if (hasOpened) await inbox.schedule([overdueTimer(event, now() + OVERDUE_AFTER)], "keep");
  // Only a pause that was too long can have opened the incident that this run closes.
  const awaited = seen.find(({ at }) => countedUntil !== null && at - countedUntil >= staleAfter);
  if (awaited === undefined) return;
  const update = { key: `runs-again:${awaited.run}`, text: staleOver(awaited.run) };
  await incidents.closeOver(repository, [{ cause: { kind: "stale" }, update, evidence: awaited.run }]);
}
