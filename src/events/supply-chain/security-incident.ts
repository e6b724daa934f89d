import { graver, type Incident, type Severity } from "../../domain/incidents/incident.ts";
import { numberLink } from "../../domain/number-link.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import type { Repository } from "../../github/repository.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { holdForSecurity, type SecurityStop } from "./security-hold.ts";

/** What is to be told, and the word that is added where its incident is open already. */
export interface Tale {
  readonly incident: Incident;
  /** Said once for each key. */
  readonly update: { readonly key: string; readonly text: string };
}

/**
 * Opens the incident of a cause, or adds to the one that is open: the only place in which the watch over the supply chain
 * touches incidents. A severity is only ever raised here, and no incident is closed: that is for people.
 */
export async function tellIncident(
  repository: Repository,
  { incident, update }: Tale,
  { incidents }: Services,
): Promise<IncidentIssue> {
  const open = await incidents.find(repository, incident.cause);
  if (open === null) return incidents.open(repository, incident);
  // What opened it is in its body, and comes again when the process died right afterwards.
  if (open.body.includes(update.text)) return open;
  await incidents.update(repository, open, raised(open, incident.severity), update);
  return open;
}

/**
 * Tells an incident and stops what it is about: the stop is made even when the incident cannot be written, and then the
 * whole is tried again.
 */
export async function stopAndTell(
  event: RepositoryEvent,
  repository: Repository,
  stop: Omit<SecurityStop, "incidentUrl">,
  tale: Tale,
  services: Services,
): Promise<void> {
  const told = await tellIncident(repository, tale, services).then(
    ({ url }) => ({ kind: "told", url }) as const,
    (error: unknown) => ({ kind: "failed", error }) as const,
  );
  const incidentUrl = told.kind === "told" ? told.url : "";
  const change = await holdForSecurity(event, repository, { ...stop, incidentUrl }, services);
  if (told.kind === "failed") throw told.error;
  if (change.kind !== "waiting") return;
  const text = `**The stop is not in force yet**: ${numberLink(change.pull)} waits for ${change.waitsFor}.`;
  await tellIncident(repository, { ...tale, update: { key: `stop-waits:${change.pull.number}`, text } }, services);
}

/** A severity that a person lowered stays lowered for the cause that they looked at, and rises for a graver one. */
function raised({ severity }: IncidentIssue, found: Severity): Severity {
  return severity === null ? found : graver(severity, found);
}
