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
  await sendIdempotent(() =>
    repository.octokit.rest.issues.addLabels({
      ...at(repository),
      issue_number: number,
      labels: [severityLabel(severity)],
    }),
  );
}

/** Writes the body of an incident anew, and closes or opens it with the same call. */
export async function editIncident(
  repository: Repository,
  { number }: Pick<IncidentIssue, "number">,
  change: {
    readonly body: string;
    readonly state?: "open" | "closed";
    readonly state_reason?: "completed";
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
