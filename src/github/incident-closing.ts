import type { Ecosystem } from "../domain/ecosystem.ts";
import { CLASSIFICATION } from "../domain/incidents/classification.ts";
import type { IncidentUpdate } from "../domain/incidents/course.ts";
import { ailing, membersSection, namesText, replaceMembers, withRecovery } from "../domain/incidents/group.ts";
import { type Cause, isSecurity, UNCLASSIFIED } from "../domain/incidents/incident.ts";
import { isCalm, isFlapping } from "../domain/incidents/recurrence.ts";
import type { Instant } from "../domain/instant.ts";
import { plainWords } from "../domain/quote.ts";
import type { IncidentBook } from "./incident-book.ts";
import type { IncidentIssue } from "./incident-issue.ts";
import type { Repository } from "./repository.ts";

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

/** An incident of which a cause is over. */
export interface Closing {
  readonly issue: IncidentIssue;
  /** Whether there is nothing left to do in it for that cause. */
  readonly isDone: boolean;
}

type Writing = Pick<IncidentBook, "update" | "record" | "resolve">;

/**
 * Closes an incident because the evidence says that its cause is over: what is a matter of security is closed by a person,
 * what flaps once it is calm, and that of several ecosystems when all of them have recovered.
 */
export async function closeOnEvidence(
  repository: Repository,
  issue: IncidentIssue,
  { cause, update }: Pick<OverCause, "cause" | "update">,
  book: Writing,
  now: Instant,
): Promise<Closing> {
  if (isSecurity(cause)) {
    const text = `${update.text}\n\nThis is a matter of security, so a person closes it: \`/batch incident resolve — reason\`.`;
    const told: IncidentUpdate = { ...update, text, kind: "recovered" };
    return { issue: await book.update(repository, issue, issue.severity ?? UNCLASSIFIED, told), isDone: false };
  }
  if (isFlapping(issue.log, now) && !isCalm(issue.log, now)) {
    const words = plainWords(update.text);
    const entry = { at: now, kind: "recovered", key: update.key, by: "", words } as const;
    return { issue: await book.record(repository, issue, [entry]), isDone: false };
  }
  if (cause.kind === "breaker" && issue.members.length > 1)
    return { issue: await closeMember(repository, issue, cause.ecosystem, update, book, now), isDone: true };
  return { issue: await book.resolve(repository, issue, update, ""), isDone: true };
}

/** Notes that one of several ecosystems is well, and closes the incident when all are. */
async function closeMember(
  repository: Repository,
  issue: IncidentIssue,
  ecosystem: Ecosystem,
  update: IncidentUpdate,
  book: Writing,
  now: Instant,
): Promise<IncidentIssue> {
  const severity = issue.severity ?? UNCLASSIFIED;
  const members = withRecovery(issue.members, ecosystem, now);
  const body = replaceMembers(issue.body, membersSection(members, severity, CLASSIFICATION["several-ecosystems"]));
  const left = ailing(members);
  if (left.length === 0) return book.resolve(repository, { ...issue, members, body }, update, "");
  if (!ailing(issue.members).includes(ecosystem)) return issue;
  const text = `${update.text} This incident is closed when all have recovered; it waits for ${namesText(left)}.`;
  const told: IncidentUpdate = { ...update, text, kind: "recovered" };
  return { ...(await book.update(repository, issue, severity, told, { body })), members };
}
