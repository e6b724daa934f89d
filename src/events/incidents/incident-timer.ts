import { clockPolicy } from "../../config/policy.ts";
import { nextMoment, readClock } from "../../domain/incidents/clock.ts";
import { UNCLASSIFIED } from "../../domain/incidents/incident.ts";
import type { Instant } from "../../domain/instant.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import type { Repository } from "../../github/repository.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { INCIDENT_DUE } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/**
 * Sets the timer of an incident for what its clock does next, at once if that is past: called whenever an incident is seen,
 * so that a lost timer is set again and that of one that was resolved is gone.
 */
export async function watchIncident(
  { installation, repository: payload }: RepositoryEvent,
  repository: Repository,
  { number, isOpen, log, severity }: IncidentIssue,
  { inbox, now, store }: Services,
): Promise<void> {
  const lane = laneOf(payload.full_name);
  const key = `incident-due:${lane}:${number}`;
  const policy = clockPolicy(await store.settings(repository));
  const next = isOpen ? nextMoment(readClock(log, severity ?? UNCLASSIFIED, policy)) : null;
  if (next === null) return inbox.cancel(key);
  const body = JSON.stringify({ installation, repository: payload, issue: number });
  return inbox.schedule([{ key, lane, event: INCIDENT_DUE, body, at: Math.max(next, now()) }]);
}

/** Has incidents without a response time looked at, because a batch has run: one timer for each, whatever else is set. */
export async function remindWithBatch(
  { installation, repository: payload }: RepositoryEvent,
  incidents: readonly IncidentIssue[],
  batch: Instant,
  { inbox, now }: Services,
): Promise<void> {
  const lane = laneOf(payload.full_name);
  const timers = incidents.map(({ number }) => ({
    key: `incident-batch:${lane}:${number}`,
    lane,
    event: INCIDENT_DUE,
    body: JSON.stringify({ installation, repository: payload, issue: number, batch }),
    at: now(),
  }));
  if (timers.length > 0) await inbox.schedule(timers);
}
