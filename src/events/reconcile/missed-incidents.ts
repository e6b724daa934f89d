import { INCIDENT_LABELS, readIncident } from "../../github/incident-reading.ts";
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
  const own = await services.botLogin();
  const incidents = news.data.flatMap((issue) => readIncident(issue, own) ?? []);
  const bySeverity = Map.groupBy(incidents, ({ severity }) => severity ?? "unclassified");
  const counts = new Map([...bySeverity].map(([severity, { length }]) => [severity, length]));
  services.measures.incidents(repository.fullName, counts);
  for (const incident of incidents) await watchIncident(event, repository, incident, services);
  news.keep();
}
