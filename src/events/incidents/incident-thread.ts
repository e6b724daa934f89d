import type { Configuration } from "../../config/schema.ts";
import { addEntries } from "../../domain/incidents/incident-log.ts";
import { type SignOfLife, signEntries } from "../../domain/incidents/participation.ts";
import { parseInstant, printInstant } from "../../domain/instant.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import { readMarker } from "../../github/marker.ts";
import { type Person, type RoleReading, readRole } from "../../github/permission.ts";
import { at, type Repository } from "../../github/repository.ts";
import { authorize } from "../answering/authorize.ts";
import type { IssueCommentPayload } from "../payload.ts";
import type { Services } from "../services.ts";

/** Whether a comment is on an incident of this app, as far as its event tells. Without a call for any other thread. */
export async function isOnIncident({ issue }: IssueCommentPayload, { botLogin }: Services): Promise<boolean> {
  return readMarker(issue.body, "incident") !== null && issue.user?.login === (await botLogin());
}

/** A comment of a person on an incident: one of an operator acknowledges it, and shows that somebody is on it. */
export async function noteComment(
  repository: Repository,
  { issue, comment }: IssueCommentPayload,
  author: Person,
  services: Services,
): Promise<void> {
  const role = await readRole(repository, author);
  const { operators } = await services.store.settings(repository);
  if (!(await isOperator({ repository, person: author, role, operators }))) return;
  const sign = signOf(comment.id, comment.created_at, author.login, services);
  await noteSigns(repository, issue.number, [sign], services);
}

/** Writes signs of life into the log of an incident, once each; nothing where the thread is that of none. */
export async function noteSigns(
  repository: Repository,
  number: number,
  signs: readonly SignOfLife[],
  { incidents }: Services,
): Promise<void> {
  const issue = await incidents.read(repository, number);
  if (issue !== null) await record(repository, issue, signs, incidents);
}

/** Looks through the thread for operators whose comments nobody told us of. */
export async function noteThread(
  repository: Repository,
  issue: IncidentIssue,
  services: Services,
): Promise<IncidentIssue> {
  const known = new Set(issue.log.entries.map(({ key }) => key));
  const since = issue.log.entries.findLast(({ kind }) => kind === "detected" || kind === "reopened")?.at ?? 0;
  const comments = await repository.octokit.paginate(repository.octokit.rest.issues.listComments, {
    ...at(repository),
    issue_number: issue.number,
    since: printInstant(since),
    per_page: 100,
  });
  const unknown = comments.flatMap(({ id, created_at, user }) =>
    user?.type === "User" && !known.has(`comment:${id}`) ? [{ id, at: created_at, user }] : [],
  );
  const people = new Map(unknown.map(({ user }) => [user.id, user] as const));
  const { operators } = await services.store.settings(repository);
  const may = await Promise.all(
    [...people.values()].slice(0, MOST_PEOPLE).map(async (person) => {
      const role = await readRole(repository, person);
      return (await isOperator({ repository, person, role, operators })) ? [person.id] : [];
    }),
  );
  const permitted = new Set(may.flat());
  const signs = unknown
    .filter(({ user }) => permitted.has(user.id))
    .map(({ id, at: written, user }) => signOf(id, written, user.login, services));
  return record(repository, issue, signs, services.incidents);
}

// Anybody may comment on a public repository, and each is a call.
const MOST_PEOPLE = 20;

/** Whether a person may command here. What could not be checked is no acknowledgement: somebody is called once too often. */
export async function isOperator(authority: {
  readonly repository: Repository;
  readonly person: Person;
  readonly role: RoleReading;
  readonly operators: Configuration["operators"];
}): Promise<boolean> {
  return (await authorize({ verb: "incident", needs: "write" }, authority)) === null;
}

function signOf(id: number, written: string, by: string, { now }: Services): SignOfLife {
  return { kind: "comment", id: String(id), at: parseInstant(written) ?? now(), by, words: "", pull: null };
}

function record(
  repository: Repository,
  issue: IncidentIssue,
  signs: readonly SignOfLife[],
  incidents: Services["incidents"],
): Promise<IncidentIssue> {
  const after = signs.reduce((log, sign) => addEntries(log, signEntries(log, sign)), issue.log);
  return incidents.record(repository, issue, after.entries);
}
