import { dayAndClock } from "../../domain/gate/receipt.ts";
import type { Violation } from "../../domain/gate/violation.ts";
import { stopIncident, stopIncidentUpdate, violationText } from "../../domain/incidents/stop-incident.ts";
import type { Repository } from "../../github/repository.ts";
import { addToAnswer } from "../../github/tell-thread.ts";
import type { Services } from "../services.ts";

/**
 * Tells that holds were not honoured: one critical incident for each hold, and a line in the receipt of the stop. Told again,
 * it is found said.
 */
export async function reportViolations(
  repository: Repository,
  violations: readonly Violation[],
  services: Services,
): Promise<void> {
  // One after the other: two happenings under one hold share its incident and its receipt.
  for (const violation of violations) {
    await keepIncident(repository, violation, services);
    const line = { text: violationText(violation), prefix: `${dayAndClock(services.now())}: ` };
    await addToAnswer(repository, violation.hold, line, services);
  }
}

async function keepIncident(repository: Repository, violation: Violation, { incidents, log }: Services): Promise<void> {
  const incident = stopIncident(violation);
  const { open: issue, earlier } = await incidents.look(repository, incident.cause);
  if (issue?.body.includes(`(${violation.url})`)) return;
  log.error({ repository: repository.fullName, hold: violation.hold.id, what: violation.what }, "stop not honoured");
  if (issue === null) await incidents.open(repository, incident, earlier);
  else {
    const update = { key: violation.key, text: stopIncidentUpdate(violation) };
    await incidents.update(repository, issue, incident.severity, update);
  }
}
