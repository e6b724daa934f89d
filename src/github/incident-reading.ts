import { SEVERITIES, type Severity, severityLabel } from "../domain/incidents/incident.ts";
import type { IncidentLog } from "../domain/incidents/incident-log.ts";
import { logIn, newLog } from "../domain/incidents/log-section.ts";
import { type Instant, parseInstant } from "../domain/instant.ts";
import { readMarker } from "./marker.ts";
import { at, type Repository } from "./repository.ts";

/** The labels by which incidents are listed. */
export const INCIDENT_LABELS = "batchkeeper,incident";
const MOST_LISTED = 100;

/** An issue of an incident. */
export interface IncidentIssue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly isOpen: boolean;
  /** As `causeKey` makes it. */
  readonly causeKey: string;
  readonly severity: Severity | null;
  /** By GitHub's clock; null when it cannot be read. */
  readonly openedAt: Instant | null;
  readonly closedAt: Instant | null;
  /** As it stands, with what people have made of it. */
  readonly body: string;
  readonly log: IncidentLog;
  /** People, by login. */
  readonly assignees: readonly string[];
}

/** What is read of an issue, in lists and in events alike. */
export interface IssueData {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly state: string;
  readonly body?: string | null;
  readonly user: { readonly login: string } | null;
  readonly labels?: readonly (string | { readonly name?: string | null })[];
  readonly created_at: string;
  readonly closed_at?: string | null;
  readonly assignees?: readonly { readonly login: string; readonly type?: string }[] | null;
  readonly pull_request?: unknown;
}

/** The incident that an issue is; null for an issue that this app has not opened as one, whatever it imitates. */
export function readIncident(issue: IssueData, botLogin: string): IncidentIssue | null {
  const causeKey = issue.user?.login === botLogin ? readMarker(issue.body, "incident") : null;
  if (causeKey === null || issue.pull_request != null) return null;
  const openedAt = parseInstant(issue.created_at);
  const body = issue.body ?? "";
  return {
    number: issue.number,
    url: issue.html_url,
    title: issue.title,
    isOpen: issue.state === "open",
    causeKey,
    severity: severityOf(issue.labels ?? []),
    openedAt,
    closedAt: parseInstant(issue.closed_at ?? ""),
    body,
    // What somebody has made unreadable begins anew: better a clock too many than none.
    log: logIn(body) ?? newLog(openedAt ?? 0),
    assignees: (issue.assignees ?? []).flatMap(({ login, type }) => (type === "Bot" ? [] : [login])),
  };
}

/** The severity by an issue's labels: the gravest of several, null of none. */
function severityOf(labels: readonly (string | { readonly name?: string | null })[]): Severity | null {
  const names = labels.map((label) => (typeof label === "string" ? label : label.name));
  return SEVERITIES.find((severity) => names.includes(severityLabel(severity))) ?? null;
}

/** Lists incidents. @param pages by default the first hundred, which `isWhole` tells from all */
export async function listIncidents(
  repository: Repository,
  botLogin: () => Promise<string>,
  filter: { readonly state: "open" | "all"; readonly sort?: "updated"; readonly labels?: string },
  pages: "one page" | "every page" = "one page",
): Promise<{ readonly incidents: readonly IncidentIssue[]; readonly isWhole: boolean }> {
  const { issues } = repository.octokit.rest;
  const parameters = { ...at(repository), labels: INCIDENT_LABELS, per_page: MOST_LISTED, ...filter };
  const listing =
    pages === "one page"
      ? issues.listForRepo(parameters).then(({ data }) => data)
      : repository.octokit.paginate(issues.listForRepo, parameters);
  const [listed, own] = await Promise.all([listing, botLogin()]);
  const incidents = listed.flatMap((issue) => readIncident(issue, own) ?? []);
  return { incidents, isWhole: pages === "every page" || listed.length < MOST_LISTED };
}
