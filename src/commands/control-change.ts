import type { Configuration } from "../config/schema.ts";
import type { Control } from "../domain/control/control.ts";
import type { Scope } from "../domain/ecosystem.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import type { Change, Proposal } from "../github/change.ts";
import type { PullRequest } from "../github/pull-request.ts";
import type { ControlProblem } from "../github/settle.ts";
import type { Scopes } from "./arguments/scopes.ts";
import type { Answer, CommandContext, Request } from "./context.ts";
import { requestBranch } from "./request-branch.ts";
import { markedRequest } from "./request-marker.ts";

/** What a command wants of the control file. */
export interface Wish<Result> {
  readonly verb: "stop" | "resume" | "budget" | "breaker";
  /** What it is about, in well-formed names only: `homebrew and npm`, `hold h-3f2a91`, `reset`. */
  readonly object: string;
  readonly reason: string;
  apply(control: Control, configuration: Configuration): { readonly control: Control; readonly result: Result };
}

const LONGEST_SLUG = 80;

/** A wish that came true. */
export interface Granted<Result> {
  readonly result: Result;
  /** The control file that the wish led to. */
  readonly control: Control;
  /** The pull request that was merged for it; null when there was nothing to change. */
  readonly pull: PullRequest | null;
}

/**
 * Carries a wish out by a pull request and puts what became of it into words: `granted` words the good case, and what a
 * pull request waits for, or why the file cannot be written, reads the same for every command. What `follow` does, once the
 * change is on the default branch, it adds to the answer.
 */
export async function changeControl<Result>(
  wish: Wish<Result>,
  context: CommandContext,
  granted: (outcome: Granted<Result>) => Answer,
  follow: Follow = leaveToPush(context),
): Promise<Answer> {
  const { repository, request, reading, store } = context;
  const { verb, object, reason } = wish;
  const { settings } = reading.configuration;
  const subject = `${verb} ${object}`;
  const change = await store.propose(
    repository,
    {
      cause: () => ({ events: [request.event], command: request.comment.url, requestedBy: request.operator }),
      subject: () => subject,
      apply: wish.apply,
    },
    {
      branch: branchOf(subject, request),
      title: capitalized(subject),
      body: bodyOf(subject, reason, context),
      mode: settings.pull_requests[verb],
      again: request.again,
    },
    reading,
  );
  const asked = { subject, path: settings.control_file, mode: settings.pull_requests[verb] };
  const answered = { ...answer(change, asked, granted), subject };
  const control = answered.outcome === "done" ? await controlInForce(change, context) : null;
  return control === null ? answered : { ...answered, text: answered.text + (await follow(answered.text, control)) };
}

/**
 * What follows on GitHub from a change that is on the default branch, in words to add to the answer.
 *
 * @param said the answer so far
 */
export type Follow = (said: string, control: Control) => Promise<string>;

/** Leaves to the push of the change what follows from it: nobody waits for that. */
function leaveToPush({ enforcement, repository }: CommandContext): Follow {
  return async () => {
    enforcement.memory.expect(repository);
    return "";
  };
}

/** The control file that a change led to; as it is now, where it had landed before. Null when it has not landed. */
async function controlInForce<Result>(
  change: Change<Result>,
  { store, repository }: CommandContext,
): Promise<Control | null> {
  switch (change.kind) {
    case "committed":
    case "unchanged":
      return change.control;
    case "landed-before": {
      const { control } = await store.read(repository);
      return control.kind === "ready" ? control.file.control : null;
    }
    case "waiting":
    case "unusable":
      return null;
  }
}

/** `everything`, `homebrew`, `homebrew and npm`: scopes in a sentence. Names are well-formed and need no quoting. */
export function describeScopes(scopes: readonly Scope[]): string {
  return scopes.includes("*") ? "everything" : new Intl.ListFormat("en").format(scopes);
}

/** The scopes of holds that a command's scopes stand for. */
export function scopeList(scopes: Scopes): readonly Scope[] {
  return scopes.kind === "everything" ? ["*"] : scopes.names;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `, merged with #12`, or "" when there was nothing to merge. */
export function mergedWith(pull: PullRequest | null): string {
  return pull === null ? "" : `, merged with ${numberLink(pull)}`;
}

interface Asked {
  readonly subject: string;
  readonly path: string;
  readonly mode: Proposal["mode"];
}

function answer<Result>(
  change: Change<Result>,
  { subject, path, mode }: Asked,
  granted: (outcome: Granted<Result>) => Answer,
): Answer {
  switch (change.kind) {
    case "committed":
    case "unchanged":
      return {
        ...granted(change),
        control: change.control,
        ...(change.pull === null ? {} : { pull: change.pull.number }),
      };
    case "landed-before": {
      const done = `${subject} was merged with ${numberLink(change.pull)} when this comment was first delivered`;
      return { outcome: "done", text: `**Done before**: ${done}. \`/batch status\` shows what stands now.` };
    }
    case "waiting": {
      const text = `**Not in force yet**: ${numberLink(change.pull)} waits for ${quote(change.waitsFor)}.`;
      // To wait is what the settings ask for, or what the repository's rules force on a change that should be merged.
      return { outcome: mode === "merge" ? "failed" : "done", text, waitsIn: change.pull.number };
    }
    case "unusable":
      return { outcome: "failed", text: unusableText(path, change.problem) };
  }
}

/** How a control file that cannot be used reads in a reply. */
export function unusableText(path: string, { message, position }: ControlProblem): string {
  const place = position === null ? "" : ` (line ${position.line}, column ${position.column})`;
  return `${quote(path)} cannot be used${place}: ${quote(message)}. **Nothing was changed.** Mend the file on the default branch, then repeat the command; until then treat every ecosystem as stopped.`;
}

function branchOf(subject: string, request: Request): string {
  return requestBranch("batchkeeper/", subject, request, LONGEST_SLUG);
}

function bodyOf(subject: string, reason: string, context: CommandContext): string {
  const { request } = context;
  const because = reason === "" ? "" : `\n\nReason: ${quote(reason)}`;
  const text = `${capitalized(subject)}: asked for by ${quote(request.operator.login)} in [a comment](${request.comment.url}).${because}`;
  return markedRequest({ ...request, subject }, text, branchOf(subject, request), context);
}
