import { graver, type Incident } from "../../domain/incidents/incident.ts";
import type { Entry } from "../../domain/incidents/incident-log.ts";
import { numberLink } from "../../domain/number-link.ts";
import type { Found, IncidentIssue } from "../../github/incident-issue.ts";
import type { Repository } from "../../github/repository.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { holdForSecurity, type SecurityStop, securityHoldId } from "./security-hold.ts";

/** What is to be told, and the word that is added where its incident is open already. */
export interface Tale {
  readonly incident: Incident;
  /** Said once for each key. */
  readonly update: { readonly key: string; readonly text: string };
  /** What of it the body has of the incident that it opened. */
  readonly opening: string;
  /** What there is of the cause; looked for where it is not said. */
  readonly found?: Found;
}

/**
 * Opens the incident of a cause, or adds to the one that is open: the only place in which the watch over the supply chain
 * touches incidents. A severity is only ever raised here, and no incident is closed: that is for people.
 */
async function tellIncident(
  repository: Repository,
  { incident, update, opening, found }: Tale,
  { incidents }: Services,
): Promise<IncidentIssue> {
  const { open, earlier } = found ?? (await incidents.look(repository, incident.cause));
  if (open === null) return incidents.open(repository, incident, earlier);
  // What opened it is in its body, and comes again when the process died right afterwards.
  if (open.body.includes(opening)) return open;
  // A severity that a person lowered stays lowered for the cause that they looked at, and rises for a graver one.
  return incidents.update(repository, open, graver(open.severity, incident.severity), update);
}

/** The key under which the log of an incident says that a hold was set for it. */
export function heldKey(hold: string): string {
  return `held:${hold}`;
}

/**
 * Tells an incident and stops what it is about: the stop is made even when the incident cannot be written, and then the
 * whole is tried again.
 *
 * @param stop null where nothing is to be stopped
 */
export async function stopAndTell(
  event: RepositoryEvent,
  repository: Repository,
  stop: Omit<SecurityStop, "incidentUrl"> | null,
  tale: Tale,
  services: Services,
): Promise<IncidentIssue> {
  if (stop === null) return tellIncident(repository, tale, services);
  const told = await tellIncident(repository, tale, services).then(
    (issue) => ({ kind: "told", issue }) as const,
    (error: unknown) => ({ kind: "failed", error }) as const,
  );
  const incidentUrl = told.kind === "told" ? told.issue.url : "";
  const change = await holdForSecurity(event, repository, { ...stop, incidentUrl }, services);
  if (told.kind === "failed") throw told.error;
  if (change.kind !== "waiting") {
    const key = heldKey(securityHoldId(stop));
    const words = `${stop.scope === "*" ? "everything" : stop.scope} is stopped`;
    const held: Entry = { at: services.now(), kind: "changed", key, by: "", words };
    const current = await services.incidents.afresh(repository, told.issue);
    return services.incidents.record(repository, current, [held]);
  }
  const text = `**The stop is not in force yet**: ${numberLink(change.pull)} waits for ${change.waitsFor}.`;
  const update = { key: `stop-waits:${change.pull.number}`, text };
  return tellIncident(repository, { incident: tale.incident, update, opening: text }, services);
}
