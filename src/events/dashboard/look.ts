import { tickedIn } from "../../dashboard/box.ts";
import { readDrawing } from "../../dashboard/drawing.ts";
import { dashboardAmong, listDashboards } from "../../github/dashboard-issue.ts";
import type { Repository } from "../../github/repository.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { requestDrawing } from "./request.ts";

/**
 * Looks whether the dashboard is as it was drawn: edits and ticks of which no event told, one that is missing, or one that
 * nobody wants. In quiet times it is answered 304, and where none is wanted, it is looked for once by each process.
 */
export async function lookAtDashboard(
  event: RepositoryEvent,
  repository: Repository,
  services: Services,
): Promise<void> {
  const { store, reader, seal, dashboards } = services;
  const isWanted = (await store.settings(repository)).dashboard === "issue";
  if (!isWanted && dashboards.none.has(repository.fullName)) return;
  const news = await reader.news(`dashboard ${repository.fullName}`, (headers) => listDashboards(repository, headers));
  if (news === null) return;
  const issue = dashboardAmong(news.data, await services.botLogin());
  const isIntact =
    issue !== null &&
    readDrawing(issue.body, { ...repository, seal })?.isIntact === true &&
    tickedIn(issue.body).length === 0;
  if (isWanted ? !isIntact : issue?.isOpen === true) await requestDrawing(event, services);
  else if (!isWanted) dashboards.none.add(repository.fullName);
  news.keep();
}
