import { type Severity, severityLabel } from "../domain/incidents/incident.ts";
import { isMissing } from "./failure.ts";
import type { IncidentIssue } from "./incident-reading.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/** Gives an incident the label of another severity. */
export async function relabel(
  repository: Repository,
  { number, severity: before }: Pick<IncidentIssue, "number" | "severity">,
  severity: Severity,
): Promise<void> {
  // The old label goes first: an issue left with none is given one the next time, one left with two would keep both.
  if (before !== null) await removeLabel(repository, number, severityLabel(before));
  await addLabels(repository, { number, labels: [] }, [severityLabel(severity)]);
}

/** Gives an incident the labels of what it is about besides; those that it has cost nothing. */
export async function addLabels(
  repository: Repository,
  { number, labels: known }: Pick<IncidentIssue, "number" | "labels">,
  wanted: readonly string[],
): Promise<void> {
  const labels = wanted.filter((label) => !known.includes(label));
  if (labels.length === 0) return;
  await sendIdempotent(() =>
    repository.octokit.rest.issues.addLabels({ ...at(repository), issue_number: number, labels }),
  );
}

/** Takes the labels of ecosystems off an incident that it is not about any more. */
export async function dropEcosystems(
  repository: Repository,
  { number, labels }: Pick<IncidentIssue, "number" | "labels">,
  kept: readonly string[],
): Promise<void> {
  const stale = labels.filter((label) => label.startsWith("ecosystem:") && !kept.includes(label));
  for (const label of stale) await removeLabel(repository, number, label);
}

/** Writes the body of an incident anew, and closes or opens it with the same call. */
export async function editIncident(
  repository: Repository,
  { number }: Pick<IncidentIssue, "number">,
  change: {
    readonly body: string;
    readonly title?: string;
    readonly state?: "open" | "closed";
    readonly state_reason?: "completed" | "not_planned";
  },
): Promise<void> {
  await sendIdempotent(() =>
    repository.octokit.rest.issues.update({ ...at(repository), issue_number: number, ...change }),
  );
}

async function removeLabel(repository: Repository, number: number, name: string): Promise<void> {
  try {
    await sendIdempotent(() =>
      repository.octokit.rest.issues.removeLabel({ ...at(repository), issue_number: number, name }),
    );
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
