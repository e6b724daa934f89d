import { printDrawing, readDrawing } from "../../dashboard/drawing.ts";
import { wholeSeconds } from "../../domain/instant.ts";
import { type DashboardIssue, writeDashboard } from "../../github/dashboard-issue.ts";
import type { Repository } from "../../github/repository.ts";
import { tellOnce } from "../../github/tell-thread.ts";
import type { Services } from "../services.ts";

const SAYS_NONE = "`.github/batchkeeper.yml` does not say `dashboard: issue` any more";

/**
 * Closes a dashboard that nobody wants any more, with a word, once.
 *
 * @param problems how many things are wrong with the settings: what cannot be read says nothing, and then it stays
 */
export async function turnOff(
  repository: Repository,
  issue: DashboardIssue | null,
  problems: number,
  services: Services,
): Promise<void> {
  if (problems > 0) return;
  if (issue?.isOpen) {
    const place = { ...repository, seal: services.seal };
    const key = `${issue.number}:${readDrawing(issue.body, place)?.id ?? ""}`;
    const word = `The dashboard is closed: ${SAYS_NONE}. Once it does, this issue is opened again.`;
    await tellOnce(repository, issue.number, { kind: "dashboard-end", key }, word, services);
    // What it showed is not kept up to date, and must not be taken for the present.
    const at = wholeSeconds(services.now());
    const body = printDrawing({ at, text: `There is no dashboard: ${SAYS_NONE}.` }, place);
    await writeDashboard(repository, issue, { body, state: "closed", state_reason: "not_planned" });
  }
  services.dashboards.none.add(repository.fullName);
}
