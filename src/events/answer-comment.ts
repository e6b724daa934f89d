import { catalog } from "../commands/catalog.ts";
import type { CommandLine, CommentCommands } from "../commands/command-line.ts";
import type { Answer, CommandContext } from "../commands/context.ts";
import { unusableText } from "../commands/control-change.ts";
import { isLate, missedAnswer } from "../commands/late.ts";
import { type ParsedCommand, parseCommand } from "../commands/parse-command.ts";
import { findCommand } from "../commands/registry.ts";
import { aliasesOf } from "../config/policy.ts";
import { type Instant, parseInstant } from "../domain/instant.ts";
import { quote } from "../domain/quote.ts";
import type { Reading } from "../github/change.ts";
import { messageOf, missingPermission, WritesSpent } from "../github/failure.ts";
import type { Urgency } from "../github/pacing.ts";
import { type Person, type RoleReading, readRole } from "../github/permission.ts";
import { hasReacted, type Reaction, react } from "../github/reaction.ts";
import type { Repository } from "../github/repository.ts";
import { watchApprovals } from "./approvals-due.ts";
import { authorize } from "./authorize.ts";
import { watchHolds } from "./hold-timer.ts";
import { closeLongStop } from "./holds-due.ts";
import { knownEcosystems } from "./known-ecosystems.ts";
import type { IssueCommentPayload } from "./payload.ts";
import { reportUnusable } from "./readability.ts";
import { Reply } from "./reply.ts";
import type { Services } from "./services.ts";

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
  // What does not depend on each other is asked at the same time: every call in a row delays a stop.
  const [seen, role, first] = await Promise.all([
    cameLate ? wasSeen(comment, services) : acknowledge(comment, services),
    readRole(repository, author),
    attempted(services.store.read(repository)),
  ]);
  const again = seen !== "first";
  const reply = new Reply(payload, services);
  if (again && (await reply.isFinished(repository))) return;

  // One that was seen in time was begun: then it is finished.
  const missedAt = cameLate && seen !== "again" ? writtenAt : null;
  const answers: Answered[] = [];
  for (const [position, line] of commands.lines.entries()) {
    const reading = position === 0 ? first : attempted(services.store.read(repository));
    const whole = (text: string) => `${quote(`/batch ${line.words.join(" ")}`, 120)}\n\n${text}`;
    const say = (speaking: Repository, text: string) =>
      reply.begin(speaking, bodyOf([...answers, { text: whole(text) }]));
    const request = { comment, line, position, again, role, missedAt, say };
    const answer = await answerLine(request, await reading, services);
    answers.push({ ...answer, text: whole(answer.text) });
  }
  answers.push(...commands.refusals.map(({ text }): Answered => ({ outcome: "refused", text, urgency: "command" })));

  const urgency = answers.some((answer) => answer.urgency === "safety") ? "safety" : repository.urgency;
  const answering = { ...repository, urgency };
  await watchChanged(comment, first, answers, services);
  // The reply comes last: by it a comment is known to be answered, so that whatever comes after it may never come.
  await react(answering, payload.comment.id, REACTION[worstOutcome(answers)]).catch((error) =>
    logReaction(error, services),
  );
  await reply.finish(answering, bodyOf(answers));
  // The push that broke the file may have been missed: whoever meets it opens the incident.
  if (first.kind === "read" && first.value.control.kind === "unusable") {
    await reportUnusable(repository, first.value.control.problem, services);
  }
}

/** One reply to all commands of a comment. */
function bodyOf(answers: readonly Pick<Answer, "text">[]): string {
  return answers.map(({ text }) => text).join("\n\n---\n\n");
}

/** What follows from the holds that commands gave and lifted. */
async function watchChanged(
  { payload, repository }: CommandComment,
  first: Attempted<Reading>,
  answers: readonly Answered[],
  services: Services,
): Promise<void> {
  const until = answers.flatMap(({ waitsUntil }) => waitsUntil ?? []);
  if (until.length > 0) await watchApprovals(payload, Math.min(...until), services);
  const after = answers.findLast(({ control }) => control !== undefined)?.control;
  if (after === undefined || first.kind === "failed" || first.value.control.kind === "unusable") return;
  await watchHolds(payload, after, services);
  await closeLongStop(repository, first.value.control.file.control, after, services);
}

interface LineRequest {
  readonly comment: CommandComment;
  readonly line: CommandLine;
  readonly position: number;
  readonly again: boolean;
  readonly role: RoleReading;
  /** When the comment was written, if it was missed. */
  readonly missedAt: Instant | null;
  /** Says in the thread what is known so far. */
  readonly say: (repository: Repository, text: string) => Promise<void>;
}

/** An answer, and how urgent it is that it is heard. */
type Answered = Answer & { readonly urgency: Urgency };

/** A command that fails says so to the person who typed it: no exception may end in silence. */
async function answerLine(request: LineRequest, reading: Attempted<Reading>, services: Services): Promise<Answered> {
  const { comment, line, role, missedAt } = request;
  const { author } = comment;
  let { repository } = comment;
  const answered = (answer: Answer): Answered => ({ ...answer, urgency: repository.urgency });
  try {
    if (reading.kind === "failed") throw reading.error;
    const { settings } = reading.value.configuration;
    const known = knownEcosystems(reading.value);
    const now = services.now();
    const parsed =
      unreadable(line, reading.value) ?? parseCommand(line, catalog, { known, aliases: aliasesOf(settings), now });
    if (parsed.kind === "refusal") return answered({ outcome: "refused", text: parsed.text });
    const refusal = await authorize(parsed, { repository, person: author, role, operators: settings.operators });
    if (refusal !== null) return answered(refusal);
    if (missedAt !== null && parsed.needs !== "read" && parsed.whenLate === "repeat")
      return answered(missedAnswer(missedAt));
    if (parsed.verb === "stop") repository = { ...repository, urgency: "safety" };
    const { store, seal, botLogin, incidents, inbox, enforcement } = services;
    const lane = repository.fullName.toLowerCase();
    const deadLetters = (most: number) => inbox.deadLetters({ lane, most });
    const asked = { repository, request: requestOf(request, now), reading: reading.value, known };
    const say = (text: string) => request.say(repository, text);
    const context = { ...asked, store, seal, botLogin, incidents, enforcement, say, deadLetters, now };
    const answer = await parsed.run(context);
    return answered({ ...answer, text: [answer.text, ...parsed.notes].join("\n\n") });
  } catch (error) {
    // Neither is there room for an answer: the whole comment waits.
    if (error instanceof WritesSpent) throw error;
    services.log.error({ err: error, repository: repository.fullName, event: comment.event }, "command failed");
    const permission = missingPermission(error);
    const lacking = permission === null ? "" : ` (the app lacks the permission \`${permission}\`)`;
    const text = `**failed**: ${quote(messageOf(error))}${lacking}. What was done stays, and it is safe to repeat the command.`;
    return answered({ outcome: "failed", text });
  }
}

/** A command that would change a control file that cannot be used: whoever may give it is told so, and no word is read. */
function unreadable(
  line: CommandLine,
  { control, configuration }: Reading,
): ParsedCommand<CommandContext, Promise<Answer>> | null {
  const command = findCommand(line.words[0] ?? "", catalog);
  if (control.kind !== "unusable" || command?.changes !== "control-file") return null;
  const text = unusableText(configuration.settings.control_file, control.problem);
  const { verb, needs, whenLate } = command;
  return { kind: "command", verb, needs, whenLate, notes: [], run: async () => ({ outcome: "failed", text }) };
}

function requestOf({ comment, position, again }: LineRequest, now: Instant) {
  const { event, payload, author } = comment;
  return {
    event,
    comment: {
      id: payload.comment.id,
      url: payload.comment.html_url,
      at: parseInstant(payload.comment.created_at) ?? now,
    },
    position,
    again,
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

type Attempted<T> = { readonly kind: "read"; readonly value: T } | { readonly kind: "failed"; readonly error: unknown };

/** A read whose failure is told to the operator with the command that needed it. */
function attempted<T>(work: Promise<T>): Promise<Attempted<T>> {
  return work.then(
    (value) => ({ kind: "read", value }),
    (error: unknown) => ({ kind: "failed", error }),
  );
}
