import { driftCause, driftHeading } from "../domain/incidents/drift-incident.ts";
import type { Check } from "../domain/supply-chain/check-plan.ts";
import { ownComments } from "./comment.ts";
import type { IncidentBook } from "./incident-book.ts";
import type { IncidentIssue } from "./incident-issue.ts";
import type { Repository } from "./repository.ts";

/**
 * The open incident that tells of a drift of a recipe; null when none does. A call for each host that it downloads from, and
 * one for the comments where the incident was opened for another recipe.
 */
export async function findOpenDrift(
  repository: Repository,
  { path, checks }: { readonly path: string; readonly checks: readonly Pick<Check, "url">[] },
  { incidents, botLogin }: { readonly incidents: IncidentBook; readonly botLogin: () => Promise<string> },
): Promise<IncidentIssue | null> {
  const causes = new Map(checks.map(({ url }) => [driftCause(url).host, driftCause(url)]));
  for (const cause of causes.values()) {
    const incident = await incidents.find(repository, cause);
    if (incident === null) continue;
    if (incident.body.includes(driftHeading(path))) return incident;
    const comments = await ownComments(repository, incident.number, { botLogin: await botLogin() });
    if (comments.some(({ body }) => body?.includes(driftHeading(path)))) return incident;
  }
  return null;
}
