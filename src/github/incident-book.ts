import {
  type IncidentUpdate,
  isSeverityDecided,
  resolution,
  resolvedAt,
  updateEntries,
} from "../domain/incidents/course.ts";
import {
  type Cause,
  causeKey,
  graver,
  type Incident,
  type Severity,
  UNCLASSIFIED,
} from "../domain/incidents/incident.ts";
import { addEntries, type Entry } from "../domain/incidents/incident-log.ts";
import { replaceLog } from "../domain/incidents/log-section.ts";
import { isFlapping, isSame } from "../domain/incidents/recurrence.ts";
import { numberLink } from "../domain/number-link.ts";
import { plainWords } from "../domain/quote.ts";
import { findComment, writeComment } from "./comment.ts";
import { isMissing } from "./failure.ts";
import { closeOnEvidence, type OverCause } from "./incident-closing.ts";
import {
  type Found,
  type IncidentIssue,
  isAbout,
  listIncidents,
  lookForIncident,
  readIncident,
} from "./incident-issue.ts";
import { type IncidentEnvironment, openAgain, openIssue } from "./incident-opening.ts";
import { editIncident, withSeverity } from "./incident-writing.ts";
import type { Marker } from "./marker.ts";
import { at, type Repository } from "./repository.ts";

/** Parts of an incident that are written anew. */
type Rewritten = Partial<Pick<IncidentIssue, "body" | "title" | "labels">>;

/**
 * Finds and keeps one issue for each cause; what is known of its course stands in its body. Issues are listed by label: the
 * search index lags, the list does not.
 */
export class IncidentBook {
  readonly #environment: IncidentEnvironment;
  /** By repository and cause, the evidence on which there was no open incident: what a new process looks for once. */
  readonly #over = new Map<string, string>();

  constructor(environment: IncidentEnvironment) {
    this.#environment = environment;
  }

  /** The open issue of a cause; others' issues never count, whatever they imitate. */
  async find(repository: Repository, cause: Cause): Promise<IncidentIssue | null> {
    return (await this.look(repository, cause)).open;
  }

  /** What there is of a cause, open or closed: one call. */
  async look(repository: Repository, cause: Cause): Promise<Found> {
    const found = await lookForIncident(repository, this.#environment.botLogin, cause);
    if (found.open !== null) this.#over.delete(overKey(repository, cause));
    return found;
  }

  /** An incident by the number of its issue; null where there is none. */
  async read(repository: Repository, number: number): Promise<IncidentIssue | null> {
    try {
      const { data } = await repository.octokit.rest.issues.get({ ...at(repository), issue_number: number });
      return readIncident(data, await this.#environment.botLogin());
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** An incident as it is now: what was done meanwhile took its time, and somebody may have acknowledged it. */
  async afresh(repository: Repository, issue: IncidentIssue): Promise<IncidentIssue> {
    return (await this.read(repository, issue.number)) ?? issue;
  }

  /** All open incidents, newest first, at most 100. */
  async listOpen(repository: Repository): Promise<readonly IncidentIssue[]> {
    return (await listIncidents(repository, this.#environment.botLogin, { state: "open" })).incidents;
  }

  /**
   * Makes an incident be open: the one that is open already gets the update, one that was closed lately is opened again,
   * and otherwise there is a new one. The severity of one that is open never falls by this.
   */
  async raise(
    repository: Repository,
    incident: Incident,
    update: IncidentUpdate | null = null,
  ): Promise<IncidentIssue> {
    const { open, earlier } = await this.look(repository, incident.cause);
    if (open === null) return this.open(repository, incident, earlier);
    if (update === null) return open;
    const severity = graver(open.severity, incident.severity);
    return this.update(repository, open, severity, update);
  }

  /**
   * Opens an incident: the one that was closed lately again, or a new one. The caller has looked for an open one; a lost
   * answer does not open a second.
   *
   * @param earlier the one of the same cause that was closed last; looked for where it is not said
   */
  async open(repository: Repository, incident: Incident, earlier?: IncidentIssue | null): Promise<IncidentIssue> {
    const known = earlier === undefined ? (await this.look(repository, incident.cause)).earlier : earlier;
    this.#over.delete(overKey(repository, incident.cause));
    if (known !== null && isSame(resolvedAt(known.log) ?? known.closedAt ?? 0, this.#environment.now()))
      return openAgain(repository, incident, known, this, this.#environment);
    return openIssue(repository, incident, known, this.#environment);
  }

  /**
   * Says that something happened to an open incident, once for each key, and changes its severity. What a person has
   * decided on the severity stands, and one that flaps is told only in its timeline.
   *
   * @param fresh what of it is written anew, where there is more to change
   */
  async update(
    repository: Repository,
    issue: IncidentIssue,
    severity: Severity,
    update: IncidentUpdate,
    fresh: Rewritten = {},
  ): Promise<IncidentIssue> {
    const now = this.#environment.now();
    if (!isFlapping(issue.log, now)) await this.say(repository, issue, update);
    const wanted = (isSeverityDecided(issue.log) ? issue.severity : null) ?? severity;
    const entries = updateEntries(update, issue.severity, wanted, now);
    return this.record(repository, issue, entries, wanted, fresh);
  }

  /** Says something in the thread of an incident, once for each key. */
  async say(
    repository: Repository,
    { number }: IncidentIssue,
    { key, text }: Pick<IncidentUpdate, "key" | "text">,
  ): Promise<void> {
    const { botLogin } = this.#environment;
    const marker: Marker = { kind: "incident-update", key };
    const said = await findComment(repository, number, marker, { botLogin: await botLogin() });
    if (said === null) await writeComment(repository, number, marker, text, botLogin);
  }

  /** Writes down what happened to an incident, and its severity where that is another now. Nothing new costs nothing. */
  async record(
    repository: Repository,
    issue: IncidentIssue,
    happened: readonly Entry[],
    severity = issue.severity ?? UNCLASSIFIED,
    fresh: Rewritten = {},
  ): Promise<IncidentIssue> {
    const log = addEntries(issue.log, happened);
    if (log === issue.log && severity === issue.severity) return { ...issue, ...fresh };
    const clocks = await this.#environment.clocks(repository);
    const body = replaceLog(fresh.body ?? issue.body, log, severity, clocks);
    const labels = withSeverity(fresh.labels ?? issue.labels, severity);
    const isRelabelled = severity !== issue.severity || fresh.labels !== undefined;
    await editIncident(repository, issue, { ...fresh, body, ...(isRelabelled ? { labels } : {}) });
    return { ...issue, ...fresh, labels, severity, log, body };
  }

  /** Closes the open issue of a cause with a last word; nothing when there is none. */
  async close(repository: Repository, cause: Cause, update: IncidentUpdate): Promise<void> {
    const issue = await this.find(repository, cause);
    if (issue !== null) await closeOnEvidence(repository, issue, { cause, update }, this, this.#environment.now());
  }

  /**
   * Closes what is still open of causes that are over: one call finds all of it, and none is made when every cause was seen
   * without an open incident on the same evidence.
   */
  async closeOver(repository: Repository, over: readonly OverCause[]): Promise<void> {
    const doubtful = over.filter(
      ({ cause, evidence }) => evidence === null || this.#over.get(overKey(repository, cause)) !== evidence,
    );
    if (doubtful.length === 0) return;
    const { botLogin, now } = this.#environment;
    const { incidents } = await listIncidents(repository, botLogin, { state: "open" }, "every page");
    const known = new Map(incidents.map((issue) => [issue.number, issue]));
    for (const over of doubtful) {
      let isDone = true;
      // One after the other: several causes may be over that have one incident.
      for (const issue of [...known.values()].filter(({ isOpen }) => isOpen)) {
        if (!isAbout(issue, over.cause)) continue;
        const closing = await closeOnEvidence(repository, issue, over, this, now());
        known.set(issue.number, closing.issue);
        isDone &&= closing.isDone;
      }
      if (isDone && over.evidence !== null) this.#over.set(overKey(repository, over.cause), over.evidence);
    }
  }

  /** Closes an incident because somebody, or the evidence, says that it is over: with its times and a post-mortem. */
  async resolve(
    repository: Repository,
    issue: IncidentIssue,
    update: IncidentUpdate,
    by: string,
    words = plainWords(update.text),
  ): Promise<IncidentIssue> {
    const { log, said } = resolution(issue.log, issue.severity, update, { by, words, now: this.#environment.now() });
    await this.say(repository, issue, said);
    const clocks = await this.#environment.clocks(repository);
    const body = replaceLog(issue.body, log, issue.severity ?? UNCLASSIFIED, clocks);
    const closing = issue.isOpen ? ({ state: "closed", state_reason: "completed" } as const) : {};
    await editIncident(repository, issue, { body, ...closing });
    return { ...issue, log, body, isOpen: false };
  }

  /** Closes an incident that turned out to be the same as another, which tells the rest of it. */
  async absorb(repository: Repository, issue: IncidentIssue, host: IncidentIssue): Promise<void> {
    const key = `part-of:${host.number}`;
    await this.say(repository, issue, { key, text: `**Part of ${numberLink(host)}**: it goes on there.` });
    const words = `part of #${host.number}`;
    const log = addEntries(issue.log, [{ at: this.#environment.now(), kind: "resolved", key, by: "", words }]);
    const clocks = await this.#environment.clocks(repository);
    const body = replaceLog(issue.body, log, issue.severity ?? UNCLASSIFIED, clocks);
    await editIncident(repository, issue, { body, state: "closed", state_reason: "not_planned" });
  }
}

function overKey({ fullName }: Repository, cause: Cause): string {
  return `${fullName} ${causeKey(cause)}`;
}
