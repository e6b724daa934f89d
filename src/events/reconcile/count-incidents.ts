import { severityOf } from "../../github/incident-reading.ts";
import { at, type Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";

/** Counts the open incidents, for whoever watches the numbers: in quiet times GitHub answers 304. */
export async function countIncidents(repository: Repository, { reader, measures }: Services): Promise<void> {
  const key = `${repository.fullName} incidents`;
  const news = await reader.news(key, (headers) =>
    repository.octokit.rest.issues.listForRepo({
      ...at(repository),
      labels: "batchkeeper,incident",
      state: "open",
      per_page: 100,
      headers,
    }),
  );
  if (news === null) return;
  const bySeverity = Map.groupBy(news.data, ({ labels }) => severityOf(labels) ?? "unclassified");
  measures.incidents(repository.fullName, new Map([...bySeverity].map(([severity, { length }]) => [severity, length])));
  news.keep();
}
