import { INCIDENT_LABELS, readIncident, severityOf } from "../../github/incident-reading.ts";
import { at, type Repository } from "../../github/repository.ts";
import { watchIncident } from "../incident-timer.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/**
 * Sets the timers of the open incidents where something about them has changed, because an inbox that was lost has lost them,
 * and counts them for whoever watches the numbers.
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
  const bySeverity = Map.groupBy(news.data, ({ labels }) => severityOf(labels) ?? "unclassified");
  const counts = new Map([...bySeverity].map(([severity, { length }]) => [severity, length]));
  services.measures.incidents(repository.fullName, counts);
  const own = await services.botLogin();
  for (const issue of news.data) {
    const incident = readIncident(issue, own);
    if (incident !== null) await watchIncident(event, repository, incident, services);
  }
  news.keep();
}
