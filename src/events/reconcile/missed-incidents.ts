import { clockPolicy } from "../../config/policy.ts";
import { batchStep, readClock } from "../../domain/incidents/clock.ts";
import { severityLabel } from "../../domain/incidents/incident.ts";
import type { Instant } from "../../domain/instant.ts";
import { INCIDENT_LABELS, listIncidents, readIncident } from "../../github/incident-issue.ts";
import { at, type Repository } from "../../github/repository.ts";
import { followFound } from "../dashboard/request.ts";
import { remindWithBatch, watchIncident } from "../incidents/incident-timer.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/**
 * Where something about the open incidents has changed: sets their timers, because an inbox that was lost has lost them,
 * counts them for whoever watches the numbers, and has the dashboard show them, whether or not an event told.
 */
export async function watchOpenIncidents(
  event: RepositoryEvent,
  repository: Repository,
  services: Services,
): Promise<void> {
  const news = await services.reader.news(`incidents ${repository.fullName}`, (headers) =>
    repository.octokit.rest.issues.listForRepo({
      ...at(repository),
      labels: INCIDENT_LABELS,
      state: "open",
      per_page: 100,
      headers,
    }),
  );
  if (news === null) return;
  const own = await services.botLogin();
  const incidents = news.data.flatMap((issue) => readIncident(issue, own) ?? []);
  const bySeverity = Map.groupBy(incidents, ({ severity }) => severity ?? "unclassified");
  const counts = new Map([...bySeverity].map(([severity, { length }]) => [severity, length]));
  services.measures.incidents(repository.fullName, counts);
  for (const incident of incidents) await watchIncident(event, repository, incident, services);
  await followFound(event, repository, services);
  news.keep();
}

/** Has the low incidents that are open reminded of, where a batch has run since they were: one call. */
export async function remindOfLow(
  event: RepositoryEvent,
  repository: Repository,
  batch: Instant,
  services: Services,
): Promise<void> {
  const labels = `${INCIDENT_LABELS},${severityLabel("low")}`;
  const { incidents } = await listIncidents(repository, services.botLogin, { state: "open", labels });
  const policy = clockPolicy(await services.store.settings(repository));
  const due = incidents.filter(({ log }) => batchStep(readClock(log, "low", policy), batch) !== null);
  await remindWithBatch(event, due, batch, services);
}
