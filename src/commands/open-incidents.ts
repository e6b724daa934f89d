import type { IncidentIssue } from "../github/incident-issue.ts";

/** The open incidents of breakers, by ecosystem: that of several stands for each. */
export function breakerIncidents(open: readonly IncidentIssue[]): ReadonlyMap<string, IncidentIssue> {
  return new Map(
    open.flatMap((incident) => incident.members.map(({ ecosystem }) => [ecosystem as string, incident] as const)),
  );
}
