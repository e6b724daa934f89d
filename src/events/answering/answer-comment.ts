import type { CommentCommands } from "../../commands/command-line.ts";
import type { Answer, DownloadWork, Request } from "../../commands/context.ts";
import { isLate } from "../../commands/late.ts";
import type { SignOfLife } from "../../domain/incidents/participation.ts";
import { type Instant, parseInstant, SECOND } from "../../domain/instant.ts";
import { quote } from "../../domain/quote.ts";
import { messageOf } from "../../github/failure.ts";
import { type Person, type RoleReading, readRole } from "../../github/permission.ts";
import { hasReacted, type Reaction, react } from "../../github/reaction.ts";
import type { Repository } from "../../github/repository.ts";
import { isOnIncident, isOperator, noteSigns } from "../incidents/incident-thread.ts";
import type { IssueCommentPayload } from "../payload.ts";
import { settlingTime } from "../reconcile/found.ts";
import type { Services } from "../services.ts";
import { acceptDownload } from "../supply-chain/accept-download.ts";
import { seeToRest, watchChanged } from "./after-commands.ts";
import { Reply } from "./reply.ts";
import { type Answered, attempted, runCommand } from "./run-command.ts";

/** A comment of a person, with the commands in it. */
export interface CommandComment {
  /** Delivery id of the webhook that brought it. */
  readonly event: string;
  /** When that was taken over: an hour of trouble with GitHub later, the comment is still as old as it was then. */
  readonly acceptedAt: Instant;
  readonly payload: IssueCommentPayload;
  readonly author: Person;
  readonly commands: CommentCommands;
  readonly repository: Repository;
}

const REACTION: Readonly<Record<Answer["outcome"], Reaction>> = { done: "rocket", refused: "-1", failed: "confused" };

/**
 * Runs the commands of a comment in their order and answers them in one reply. Seen at once (👀); the end is 🚀, 👎 when
 * something was refused, 😕 when something failed. A comment that was answered before is left alone; one that was seen and
 * not answered is run again, which finds done what was done.
 */
export async function answerComment(comment: CommandComment, services: Services): Promise<void> {
  const { repository, payload, author, commands, acceptedAt } = comment;
  const writtenAt = parseInstant(payload.comment.created_at) ?? acceptedAt;
  const cameLate = isLate({ writtenAt, acceptedAt });
  const cameAtOnce = isPrompt({ writtenAt, acceptedAt }, services);
  // What does not depend on each other is asked at the same time: every call in a row delays a stop.
  const [seen, role, first] = await Promise.all([
    cameLate ? wasSeen(comment, services) : acknowledge(comment, services),
    readRole(repository, author),
    attempted(services.store.read(repository)),
  ]);
  const again = seen !== "first" || !cameAtOnce;
  const { id, created_at: since } = payload.comment;
  const reply = new Reply({ issue: payload.issue.number, key: String(id), since }, services);
  if (again && (await reply.isFinished(repository))) return;

  // One that was seen in time was begun: then it is finished.
  const missedAt = cameLate && seen !== "again" ? writtenAt : null;
  const answers: Answered[] = [];
  for (const [position, line] of commands.lines.entries()) {
    const reading = position === 0 ? first : attempted(services.store.read(repository));
    const whole = (text: string) => `${quote(`/batch ${line.words.join(" ")}`, 120)}\n\n${text}`;
    const say = (speaking: Repository, text: string) =>
      reply.begin(speaking, bodyOf([...answers, { text: whole(text) }]));
    const incidentUrl = answers.findLast((answer) => answer.incidentUrl !== undefined)?.incidentUrl ?? null;
    const request = requestOf(comment, { words: line.words, position, again, incidentUrl });
    const asked = { issue: payload.issue.number, key: `${payload.comment.id}.${position}` };
    const downloadLater = (work: DownloadWork) => acceptDownload(payload, work, asked, services.inbox);
    const told = { readAt: services.now(), missedAt, say, downloadLater };
    const run = { request, line: line.number, repository, role, ...told };
    const answer = await runCommand(run, await reading, services);
    answers.push({ ...answer, text: whole(answer.text), request });
  }
  answers.push(...commands.refusals.map(({ text }): Answered => ({ outcome: "refused", text, urgency: "command" })));

  const urgency = answers.some((answer) => answer.urgency === "safety") ? "safety" : repository.urgency;
  const answering = { ...repository, urgency };
  await watchChanged(payload, repository, first, answers, services);
  // The reply comes last: by it a comment is known to be answered, so that whatever comes after it may never come.
  await Promise.all([
    noteCommands(comment, role, answers, services),
    react(answering, payload.comment.id, REACTION[worstOutcome(answers)]).catch((error) =>
      logReaction(error, services),
    ),
  ]);
  await reply.finish(answering, bodyOf(answers));
  await seeToRest(answering, first, answers, services);
}

/** One reply to all commands of a comment. */
function bodyOf(answers: readonly Pick<Answer, "text">[]): string {
  return answers.map(({ text }) => text).join("\n\n---\n\n");
}

/**
 * On an incident, an operator's commands are part of its course, and acknowledge it. No answer fails for that: the comment is
 * still there, and before anybody is called the clock finds it.
 */
async function noteCommands(
  comment: CommandComment,
  role: RoleReading,
  answers: readonly Answered[],
  services: Services,
): Promise<void> {
  const { fullName: repository } = comment.repository;
  await writeCommands(comment, role, answers, services).catch((error) => {
    services.log.warn({ repository, reason: messageOf(error) }, "command not noted in its incident");
  });
}

async function writeCommands(
  comment: CommandComment,
  role: RoleReading,
  answers: readonly Answered[],
  services: Services,
): Promise<void> {
  const { payload, author: person, commands, repository } = comment;
  // What was found missing does not tell what its thread is.
  if (payload.issue.user !== undefined && !(await isOnIncident(payload, services))) return;
  const { operators } = await services.store.settings(repository);
  if (!(await isOperator({ repository, person, role, operators }))) return;
  const written = parseInstant(payload.comment.created_at) ?? services.now();
  const signs = commands.lines.map((line, position): SignOfLife => {
    const words = `/batch ${line.words.join(" ")} (${answers[position]?.outcome ?? "failed"})`;
    const pull = answers[position]?.pull ?? null;
    return { kind: "command", id: `${payload.comment.id}.${position}`, at: written, by: person.login, words, pull };
  });
  await noteSigns(repository, payload.issue.number, signs, services);
}

function requestOf(
  { event, payload, author, acceptedAt }: CommandComment,
  standing: Pick<Request, "words" | "position" | "again" | "incidentUrl">,
): Request {
  const { id, html_url: url, created_at } = payload.comment;
  return {
    ...standing,
    event,
    comment: { id, url, at: parseInstant(created_at) ?? acceptedAt },
    issue: { number: payload.issue.number, url: payload.issue.html_url },
    operator: { login: author.login, id: author.id },
  };
}

/**
 * Whether the comment is seen for the first time; unknown when GitHub would not say, or when the answer would have to wait
 * for the write limit, which a stop must not. Unknown is treated as "again".
 */
async function acknowledge(
  { repository, payload }: CommandComment,
  services: Services,
): Promise<"first" | "again" | "unknown"> {
  try {
    return await react({ ...repository, urgency: "courtesy" }, payload.comment.id, "eyes");
  } catch (error) {
    logReaction(error, services);
    return "unknown";
  }
}

/**
 * Whether nobody can have handled a comment before. One that nobody marked as seen may be answered nevertheless: the mark is a
 * courtesy, and may have been left out. Reconciliation leaves a young comment to its webhook, and a process that died while it
 * answered is not replaced within a second.
 */
function isPrompt(
  { writtenAt, acceptedAt }: { readonly writtenAt: Instant; readonly acceptedAt: Instant },
  { now, reconcileInterval }: Services,
): boolean {
  return acceptedAt - writtenAt < settlingTime(reconcileInterval) && now() - acceptedAt < SECOND;
}

/**
 * Whether a comment that comes late was seen in time. It is not marked as seen: whoever handles it again after a crash must
 * find it as late as it was.
 */
async function wasSeen({ repository, payload }: CommandComment, services: Services): Promise<"again" | "unknown"> {
  try {
    const isSeen = await hasReacted(repository, payload.comment.id, "eyes", await services.botLogin());
    return isSeen ? "again" : "unknown";
  } catch (error) {
    logReaction(error, services);
    return "unknown";
  }
}

function logReaction(error: unknown, { log }: Services): void {
  log.warn({ reason: messageOf(error) }, "reaction not set");
}

function worstOutcome(answers: readonly Answer[]): Answer["outcome"] {
  const outcomes = answers.map(({ outcome }) => outcome);
  return (["failed", "refused"] as const).find((outcome) => outcomes.includes(outcome)) ?? "done";
}
