import type { Configuration } from "../config/schema.ts";
import type { Severity } from "../domain/incidents/incident.ts";
import type { Instant } from "../domain/instant.ts";
import type { IncidentIssue } from "../github/incident-issue.ts";
import type { Part } from "./repository-view.ts";
import type { Grade } from "./verdict.ts";

const GRADES: Readonly<Record<Severity, Grade>> = { critical: "stop", high: "stop", medium: "warn", low: "ok" };
const GRAVITY = Object.keys(GRADES);

/** How grave an incident is; what nobody has classified may be anything. */
export function incidentGrade({ severity }: IncidentIssue): Grade {
  return severity === null ? "warn" : GRADES[severity];
}

/** The gravest incidents first, those that nobody has classified before them. */
export function gravestFirst(incidents: Part<readonly IncidentIssue[]>): Part<readonly IncidentIssue[]> {
  if (incidents.kind === "unknown") return incidents;
  const rank = ({ severity }: IncidentIssue) => (severity === null ? -1 : GRAVITY.indexOf(severity));
  return { ...incidents, value: incidents.value.toSorted((a, b) => rank(a) - rank(b)) };
}

/** When an answer to an incident is due, by the response times of the settings; null when none is. */
export function answerDue(
  { severity, openedAt }: IncidentIssue,
  { incidents: { clocks } }: Configuration,
): Instant | null {
  return severity === null || severity === "low" || openedAt === null ? null : openedAt + clocks[severity];
}
