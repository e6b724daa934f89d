import type { ClockPolicy } from "../domain/incidents/clock.ts";
import { comeBack } from "../domain/incidents/course.ts";
import { type Cause, causeKey, causeLabels, type Incident, severityLabel } from "../domain/incidents/incident.ts";
import { addEntries } from "../domain/incidents/incident-log.ts";
import { newLog, replaceLog } from "../domain/incidents/log-section.ts";
import type { Instant } from "../domain/instant.ts";
import { markedBody } from "./comment.ts";
import type { IncidentBook } from "./incident-book.ts";
import { type IncidentIssue, lookForIncident, readIncident } from "./incident-issue.ts";
import { editIncident, withoutEcosystems, withSeverity } from "./incident-writing.ts";
import { at, type Repository } from "./repository.ts";
import { sendOnce } from "./send-once.ts";

/** What is needed to write incidents. */
export interface IncidentEnvironment {
  readonly botLogin: () => Promise<string>;
  readonly now: () => Instant;
  /** Without a call where the repository was read before. */
  readonly clocks: (repository: Repository) => Promise<ClockPolicy>;
}

/**
 * Opens a new issue of an incident; a lost answer does not open a second.
 *
 * @param earlier the one of the same cause that was closed last, to which it refers
 */
export async function openIssue(
  repository: Repository,
  incident: Incident,
  earlier: IncidentIssue | null,
  { botLogin, now, clocks }: IncidentEnvironment,
): Promise<IncidentIssue> {
  const { cause, title, severity } = incident;
  const before = earlier === null ? "" : `\n\nIt happened before: ${earlier.url}.`;
  const log = addEntries(newLog(now(), title), incident.before ?? []);
  const body = replaceLog(`${incident.body}${before}`, log, severity, await clocks(repository));
  const create = async (): Promise<IncidentIssue> => {
    const { data } = await repository.octokit.rest.issues.create({
      ...at(repository),
      title,
      body: incidentBody(cause, body),
      labels: [...causeLabels(cause), severityLabel(severity)],
    });
    const issue = readIncident(data, await botLogin());
    if (issue === null) throw new Error(`GitHub opened the issue ${data.number} without the body it was given.`);
    return issue;
  };
  return sendOnce(create, async () => (await lookForIncident(repository, botLogin, cause)).open);
}

/** Opens an incident again that came back soon: its facts are written anew, its course goes on. */
export async function openAgain(
  repository: Repository,
  incident: Incident,
  earlier: IncidentIssue,
  book: Pick<IncidentBook, "say">,
  { now, clocks }: Pick<IncidentEnvironment, "now" | "clocks">,
): Promise<IncidentIssue> {
  const { cause, title, severity } = incident;
  const { log, said } = comeBack(earlier.log, incident, now());
  await book.say(repository, earlier, said);
  const body = incidentBody(cause, replaceLog(incident.body, log, severity, await clocks(repository)));
  const labels = withSeverity(withoutEcosystems(earlier.labels, causeLabels(cause)), severity);
  await editIncident(repository, earlier, { body, title, labels, state: "open" });
  return { ...earlier, title, labels, body, log, severity, isOpen: true };
}

function incidentBody(cause: Cause, body: string): string {
  return markedBody({ kind: "incident", key: causeKey(cause) }, body);
}
