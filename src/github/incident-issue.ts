import { type Ecosystem, parseEcosystem } from "../domain/ecosystem.ts";
import { type Member, membersIn } from "../domain/incidents/group.ts";
import {
  type Cause,
  causeKey,
  causeLabels,
  SEVERITIES,
  type Severity,
  severityLabel,
} from "../domain/incidents/incident.ts";
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
  /** Of an incident of breakers, those that it is about; none for any other. */
  readonly members: readonly Member[];
  readonly labels: readonly string[];
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
  const key = issue.user?.login === botLogin ? readMarker(issue.body, "incident") : null;
  if (key === null || issue.pull_request != null) return null;
  const openedAt = parseInstant(issue.created_at);
  const body = issue.body ?? "";
  const labels = (issue.labels ?? []).flatMap((label) => (typeof label === "string" ? label : (label.name ?? [])));
  return {
    number: issue.number,
    url: issue.html_url,
    title: issue.title,
    isOpen: issue.state === "open",
    causeKey: key,
    members: membersOf(key, body, openedAt),
    labels,
    severity: SEVERITIES.find((severity) => labels.includes(severityLabel(severity))) ?? null,
    openedAt,
    closedAt: parseInstant(issue.closed_at ?? ""),
    body,
    // What somebody has made unreadable begins anew: better a clock too many than none.
    log: logIn(body) ?? newLog(openedAt ?? 0),
    assignees: (issue.assignees ?? []).flatMap(({ login, type }) => (type === "Bot" ? [] : [login])),
  };
}

const BREAKER = "breaker:";

/** The one that it was opened for is told by its marker, whatever somebody has made of its body. */
function membersOf(key: string, body: string, openedAt: Instant | null): readonly Member[] {
  const ecosystem = key.startsWith(BREAKER) ? parseEcosystem(key.slice(BREAKER.length), new Map()) : null;
  if (ecosystem === null) return [];
  return membersIn(body) ?? [{ ecosystem, openedAt, recoveredAt: null }];
}

/** Whether an incident is about the breaker of an ecosystem. */
export function isOfBreaker({ members }: Pick<IncidentIssue, "members">, ecosystem: Ecosystem): boolean {
  return members.some((member) => member.ecosystem === ecosystem);
}

/** Whether an incident is about a cause, alone or with others. */
export function isAbout(issue: Pick<IncidentIssue, "causeKey" | "members">, cause: Cause): boolean {
  return issue.causeKey === causeKey(cause) || (cause.kind === "breaker" && isOfBreaker(issue, cause.ecosystem));
}

/** What there is of a cause. */
export interface Found {
  readonly open: IncidentIssue | null;
  /** The one that was opened for it and closed last. */
  readonly earlier: IncidentIssue | null;
  /** What is open besides, of the hundred that changed last. */
  readonly beside: readonly IncidentIssue[];
}

/** What there is of a cause, open or closed: one call. */
export async function lookForIncident(
  repository: Repository,
  botLogin: () => Promise<string>,
  cause: Cause,
): Promise<Found> {
  const { incidents, isWhole } = await listIncidents(repository, botLogin, { state: "all", sort: "updated" });
  const own = incidents.find((issue) => issue.isOpen && isAbout(issue, cause)) ?? null;
  const open = own ?? (isWhole ? null : await findOpen(repository, botLogin, cause));
  const earlier = incidents.find((issue) => !issue.isOpen && issue.causeKey === causeKey(cause)) ?? null;
  return { open, earlier, beside: incidents.filter(({ isOpen, number }) => isOpen && number !== open?.number) };
}

/** The open issue of a cause in a repository that has many: those that changed last are not all. */
async function findOpen(
  repository: Repository,
  botLogin: () => Promise<string>,
  cause: Cause,
): Promise<IncidentIssue | null> {
  const labels = causeLabels(cause).join(",");
  const { incidents } = await listIncidents(repository, botLogin, { state: "open", labels }, "every page");
  return incidents.find((issue) => isAbout(issue, cause)) ?? null;
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
