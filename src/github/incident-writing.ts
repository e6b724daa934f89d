import { SEVERITIES, type Severity, severityLabel } from "../domain/incidents/incident.ts";
import type { IncidentIssue } from "./incident-issue.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

const SEVERITY_LABELS: ReadonlySet<string> = new Set(SEVERITIES.map(severityLabel));

/** Labels with that of a severity in place of any other; what people have added stays. */
export function withSeverity(labels: readonly string[], severity: Severity): readonly string[] {
  return [...labels.filter((label) => !SEVERITY_LABELS.has(label)), severityLabel(severity)];
}

/** Labels without those of ecosystems that an incident is not about any more. */
export function withoutEcosystems(labels: readonly string[], kept: readonly string[]): readonly string[] {
  return labels.filter((label) => !label.startsWith("ecosystem:") || kept.includes(label));
}

/**
 * Writes the body of an incident anew, and with the same call its labels, and whether it is open: a process that dies in
 * between cannot leave a severity that nobody has written down.
 */
export async function editIncident(
  repository: Repository,
  { number }: Pick<IncidentIssue, "number">,
  {
    labels,
    ...change
  }: {
    readonly body: string;
    readonly title?: string;
    /** All that it has from now on. */
    readonly labels?: readonly string[];
    readonly state?: "open" | "closed";
    readonly state_reason?: "completed" | "not_planned";
  },
): Promise<void> {
  await sendIdempotent(() =>
    repository.octokit.rest.issues.update({
      ...at(repository),
      issue_number: number,
      ...change,
      ...(labels === undefined ? {} : { labels: [...labels] }),
    }),
  );
}
