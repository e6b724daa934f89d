import { catalog } from "../../commands/catalog.ts";
import type { Answer, CommandContext, Request } from "../../commands/context.ts";
import { unusableText } from "../../commands/control-change.ts";
import { missedAnswer } from "../../commands/late.ts";
import { type ParsedCommand, parseCommand } from "../../commands/parse-command.ts";
import { findCommand } from "../../commands/registry.ts";
import { waitingStopText } from "../../commands/waiting-stop.ts";
import { knownEcosystems } from "../../config/known-ecosystems.ts";
import { aliasesOf } from "../../config/policy.ts";
import type { Instant } from "../../domain/instant.ts";
import { quote } from "../../domain/quote.ts";
import type { Reading } from "../../github/change.ts";
import { messageOf, missingPermission, WritesSpent } from "../../github/failure.ts";
import type { Urgency } from "../../github/pacing.ts";
import type { RoleReading } from "../../github/permission.ts";
import type { Repository } from "../../github/repository.ts";
import { laneOf } from "../../inbox/inbox.ts";
import type { Services } from "../services.ts";
import { authorize } from "./authorize.ts";

/** A command to run, of whoever may have given it. */
export interface CommandRun {
  readonly request: Request;
  /** Where the command stands in its comment, from 1. */
  readonly line: number;
  readonly repository: Repository;
  readonly role: RoleReading;
  /** What a time of day or a duration in it is counted from. */
  readonly readAt: Instant;
  /** When the comment was written, if it was missed. */
  readonly missedAt: Instant | null;
  /** Says in the thread what is known so far. */
  readonly say: (repository: Repository, text: string) => Promise<void>;
  readonly downloadLater: CommandContext["downloadLater"];
}

/** An answer, what it answers, where that was understood, and how urgent it is that it is heard. */
export type Answered = Answer & { readonly urgency: Urgency; readonly request?: Request };

/** A command that fails says so to the person who typed it: no exception may end in silence. */
export async function runCommand(run: CommandRun, reading: Attempted<Reading>, services: Services): Promise<Answered> {
  const { request, role, readAt, missedAt } = run;
  let { repository } = run;
  const answered = (answer: Answer): Answered => ({ ...answer, urgency: repository.urgency });
  try {
    if (reading.kind === "failed") throw reading.error;
    const { configuration, control } = reading.value;
    const { settings } = configuration;
    const known = knownEcosystems(settings, control.kind === "ready" ? control.file.control : null);
    const context = { known, aliases: aliasesOf(settings), now: readAt };
    const line = { number: run.line, words: request.words };
    const parsed = unreadable(request, reading.value) ?? parseCommand(line, catalog, context);
    if (parsed.kind === "refusal") {
      const [verb = "", ...words] = request.words;
      const isResume = findCommand(verb, catalog)?.verb === "resume";
      const waiting = isResume ? await waitingStopText(words, context, repository, services) : "";
      return answered({ outcome: "refused", text: [parsed.text, waiting].filter(Boolean).join("\n\n") });
    }
    const person = request.operator;
    const refusal = await authorize(parsed, { repository, person, role, operators: settings.operators });
    if (refusal !== null) return answered(refusal);
    if (missedAt !== null && parsed.needs !== "read" && parsed.whenLate === "repeat")
      return answered(missedAnswer(missedAt));
    if (parsed.verb === "stop") repository = { ...repository, urgency: "safety" };
    const { store, seal, botLogin, incidents, inbox, enforcement } = services;
    const lane = laneOf(repository.fullName);
    const deadLetters = (most: number) => inbox.deadLetters({ lane, most });
    const say = (text: string) => run.say(repository, text);
    const asked = { repository, request, reading: reading.value, known };
    const shared = { store, seal, botLogin, incidents, enforcement, deadLetters, now: services.now() };
    const answer = await parsed.run({ ...asked, ...shared, say, downloadLater: run.downloadLater });
    return answered({ ...answer, text: [answer.text, ...parsed.notes].join("\n\n") });
  } catch (error) {
    // Neither is there room for an answer: the whole comment waits.
    if (error instanceof WritesSpent) throw error;
    services.log.error({ err: error, repository: repository.fullName, event: request.event }, "command failed");
    const permission = missingPermission(error);
    const lacking = permission === null ? "" : ` (the app lacks the permission \`${permission}\`)`;
    const text = `**failed**: ${quote(messageOf(error))}${lacking}. What was done stays, and it is safe to repeat the command.`;
    return answered({ outcome: "failed", text });
  }
}

/** A command that would change a control file that cannot be used: whoever may give it is told so, and no word is read. */
function unreadable(
  { words }: Request,
  { control, configuration }: Reading,
): ParsedCommand<CommandContext, Promise<Answer>> | null {
  const command = findCommand(words[0] ?? "", catalog);
  if (control.kind !== "unusable" || command?.changes !== "control-file") return null;
  const text = unusableText(configuration.settings.control_file, control.problem);
  const { verb, needs, whenLate } = command;
  return { kind: "command", verb, needs, whenLate, notes: [], run: async () => ({ outcome: "failed", text }) };
}

export type Attempted<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown };

/** A read whose failure is told to the operator with the command that needed it. */
export function attempted<T>(work: Promise<T>): Promise<Attempted<T>> {
  return work.then(
    (value) => ({ kind: "read", value }),
    (error: unknown) => ({ kind: "failed", error }),
  );
}
