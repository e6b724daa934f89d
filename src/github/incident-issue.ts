import {
  type Cause,
  causeKey,
  causeLabels,
  type Incident,
  type Severity,
  severityLabel,
} from "../domain/incidents/incident.ts";
import { type Instant, parseInstant } from "../domain/instant.ts";
import { findComment, markedBody, writeComment } from "./comment.ts";
import { isMissing } from "./failure.ts";
import { hasMarker, type Marker, readMarker } from "./marker.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent, sendOnce } from "./send-once.ts";

const INCIDENT_LABELS = "batchkeeper,incident";

/** The open issue of a cause. */
export interface IncidentIssue {
  readonly number: number;
  readonly url: string;
  readonly severity: Severity | null;
  /** By GitHub's clock; null when it cannot be read. */
  readonly openedAt: Instant | null;
  /** As it stands, with what people have made of it. */
  readonly body: string;
}

/** An open incident in a list. */
export interface ListedIncident {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly severity: Severity | null;
  readonly openedAt: Instant | null;
  /** As `causeKey` makes it; null for an issue that is not ours, whatever it imitates. */
  readonly causeKey: string | null;
}

/** A cause that is over, with the last word for its incident. */
export interface OverCause {
  readonly cause: Cause;
  readonly update: IncidentUpdate;
  /**
   * What cannot have stayed the same if an incident of the cause was opened since it was last known to be over. Null when
   * it is to be looked for in any case.
   */
  readonly evidence: string | null;
}

/** A word to add to an incident; the key makes it said once. */
export interface IncidentUpdate {
  readonly key: string;
  readonly text: string;
}

/** Finds and keeps one open issue for each cause. Issues are listed by label: the search index lags, the list does not. */
export class IncidentBook {
  readonly #botLogin: () => Promise<string>;
  /** By repository and cause, the evidence on which there was no open incident: what a new process looks for once. */
  readonly #over = new Map<string, string>();

  constructor(botLogin: () => Promise<string>) {
    this.#botLogin = botLogin;
  }

  /** The open issue of a cause; others' issues never count, whatever they imitate. */
  async find(repository: Repository, cause: Cause): Promise<IncidentIssue | null> {
    const [{ data }, botLogin] = await Promise.all([
      repository.octokit.rest.issues.listForRepo({
        ...at(repository),
        labels: causeLabels(cause).join(","),
        state: "open",
        per_page: 100,
      }),
      this.#botLogin(),
    ]);
    const found = data.find(isIssueOf(cause, botLogin));
    if (found === undefined) return null;
    this.#over.delete(overKey(repository, cause));
    return incidentIssue(found);
  }

  /** All open incidents, newest first, at most 100. */
  async listOpen(repository: Repository): Promise<readonly ListedIncident[]> {
    const [{ data }, botLogin] = await Promise.all([
      repository.octokit.rest.issues.listForRepo({
        ...at(repository),
        labels: INCIDENT_LABELS,
        state: "open",
        per_page: 100,
      }),
      this.#botLogin(),
    ]);
    return data.map(({ number, html_url, title, labels, user, body, created_at }) => ({
      number,
      url: html_url,
      title,
      severity: severityOf(labels),
      openedAt: parseInstant(created_at),
      causeKey: user?.login === botLogin ? readMarker(body, "incident") : null,
    }));
  }

  /** Opens the issue of an incident. The caller has looked for an open one; a lost answer does not open a second. */
  async open(repository: Repository, incident: Incident): Promise<IncidentIssue> {
    const create = async (): Promise<IncidentIssue> => {
      const { data } = await repository.octokit.rest.issues.create({
        ...at(repository),
        title: incident.title,
        body: markedBody(incidentMarker(incident.cause), incident.body),
        labels: [...causeLabels(incident.cause), severityLabel(incident.severity)],
      });
      return incidentIssue(data);
    };
    this.#over.delete(overKey(repository, incident.cause));
    return sendOnce(create, () => this.find(repository, incident.cause));
  }

  /** Says that an open incident got worse, once for each cause of the update, and raises its severity. */
  async update(
    repository: Repository,
    issue: IncidentIssue,
    severity: Severity,
    update: IncidentUpdate,
  ): Promise<void> {
    await this.#say(repository, issue, update);
    if (issue.severity === severity) return;
    // The old label goes first: an issue left with none is given one the next time, one left with two would keep both.
    if (issue.severity !== null) await this.#removeLabel(repository, issue, severityLabel(issue.severity));
    await sendIdempotent(() =>
      repository.octokit.rest.issues.addLabels({
        ...at(repository),
        issue_number: issue.number,
        labels: [severityLabel(severity)],
      }),
    );
  }

  /** Writes the body of an open incident anew. */
  async rewrite(repository: Repository, { number }: IncidentIssue, body: string): Promise<void> {
    await sendIdempotent(() =>
      repository.octokit.rest.issues.update({ ...at(repository), issue_number: number, body }),
    );
  }

  /** Closes the open issue of a cause with a last word; nothing when there is none. */
  async close(repository: Repository, cause: Cause, update: IncidentUpdate): Promise<void> {
    const issue = await this.find(repository, cause);
    if (issue !== null) await this.#close(repository, issue, update);
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
    const [issues, botLogin] = await Promise.all([
      repository.octokit.paginate(repository.octokit.rest.issues.listForRepo, {
        ...at(repository),
        labels: INCIDENT_LABELS,
        state: "open",
        per_page: 100,
      }),
      this.#botLogin(),
    ]);
    for (const { cause, evidence, update } of doubtful) {
      const open = issues.filter(isIssueOf(cause, botLogin));
      for (const issue of open) await this.#close(repository, incidentIssue(issue), update);
      if (evidence !== null) this.#over.set(overKey(repository, cause), evidence);
    }
  }

  async #close(repository: Repository, issue: IncidentIssue, update: IncidentUpdate): Promise<void> {
    await this.#say(repository, issue, update);
    await sendIdempotent(() =>
      repository.octokit.rest.issues.update({
        ...at(repository),
        issue_number: issue.number,
        state: "closed",
        state_reason: "completed",
      }),
    );
  }

  async #say(repository: Repository, { number }: IncidentIssue, { key, text }: IncidentUpdate): Promise<void> {
    const marker: Marker = { kind: "incident-update", key };
    const said = await findComment(repository, number, marker, { botLogin: await this.#botLogin() });
    if (said === null) await writeComment(repository, number, marker, text, this.#botLogin);
  }

  async #removeLabel(repository: Repository, { number }: IncidentIssue, name: string): Promise<void> {
    try {
      await sendIdempotent(() =>
        repository.octokit.rest.issues.removeLabel({ ...at(repository), issue_number: number, name }),
      );
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

/** What is read of an issue as GitHub lists it. */
interface ListedIssue {
  readonly number: number;
  readonly html_url: string;
  readonly body?: string | null;
  readonly user: { readonly login: string } | null;
  readonly labels: readonly (string | { readonly name?: string })[];
  readonly created_at: string;
}

function isIssueOf(cause: Cause, botLogin: string): (issue: ListedIssue) => boolean {
  const marker = incidentMarker(cause);
  return ({ user, body }) => user?.login === botLogin && hasMarker(body, marker);
}

function incidentIssue({ number, html_url, labels, created_at, body }: ListedIssue): IncidentIssue {
  const openedAt = parseInstant(created_at);
  return { number, url: html_url, severity: severityOf(labels), openedAt, body: body ?? "" };
}

function overKey({ fullName }: Repository, cause: Cause): string {
  return `${fullName} ${causeKey(cause)}`;
}

function incidentMarker(cause: Cause): Marker {
  return { kind: "incident", key: causeKey(cause) };
}

/** The severity that the labels of an issue tell; null when none does. */
export function severityOf(labels: readonly (string | { readonly name?: string })[]): Severity | null {
  const names = labels.map((label) => (typeof label === "string" ? label : label.name));
  const severities: readonly Severity[] = ["critical", "high", "medium", "low"];
  return severities.find((severity) => names.includes(severityLabel(severity))) ?? null;
}
