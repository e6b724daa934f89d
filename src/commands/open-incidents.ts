import { type Ecosystem, parseEcosystem } from "../domain/ecosystem.ts";
import type { IncidentIssue } from "../github/incident-issue.ts";

/** The open incidents of breakers, by ecosystem. */
export function breakerIncidents(open: readonly IncidentIssue[]): ReadonlyMap<string, IncidentIssue> {
  return new Map(
    open.flatMap((incident) => {
      const ecosystem = ecosystemOf(incident);
      return ecosystem === null ? [] : [[ecosystem, incident] as const];
    }),
  );
}

const PREFIX = "breaker:";

function ecosystemOf({ causeKey }: IncidentIssue): Ecosystem | null {
  return causeKey.startsWith(PREFIX) ? parseEcosystem(causeKey.slice(PREFIX.length), new Map()) : null;
}
