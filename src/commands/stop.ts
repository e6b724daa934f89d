import type { Control } from "../domain/control/control.ts";
import type { Scope } from "../domain/ecosystem.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { placeHold } from "../domain/holds/place-hold.ts";
import { type Instant, printInstant, wholeSeconds } from "../domain/instant.ts";
import { oneLine } from "../domain/quote.ts";
import { flag } from "./arguments/flag.ts";
import { lenientScopes } from "./arguments/lenient-scopes.ts";
import { moment } from "./arguments/moment.ts";
import { rest } from "./arguments/rest.ts";
import { command } from "./command.ts";
import { commandHoldId } from "./command-hold.ts";
import type { Answer, CommandContext, Request } from "./context.ts";
import { changeControl, describeScopes, mergedWith, scopeList } from "./control-change.ts";
import { enforceStop } from "./enforce.ts";

/** `/batch stop`: holds on ecosystems or on everything, by a pull request that is merged at once (runbook section 2). */
export const stop = command({
  verb: "stop",
  summary: "Stop one ecosystem, several, or everything.",
  args: {
    scopes: lenientScopes(),
    now: flag("also cancel the batch runs that wait or run; a stop of everything disables the workflows too"),
    security: flag("a security hold: at once as with --now, and it takes two people to lift"),
    until: moment("when it ends by itself; asked about here before that"),
    reason: rest(),
  },
  needs: "write",
  changes: "control-file",
  whenLate: "run",
  leniency: "lenient",
  examples: [
    "/batch stop homebrew — mirror returns 503",
    "/batch stop npm, pypi --until 18:00 registry outage",
    "/batch stop --now wrong checksums",
    "/batch stop --security suspected compromise",
  ],
  run({ scopes: named, now, security, until, reason }, context: CommandContext): Promise<Answer> {
    const scopes = scopeList(named);
    if (scopes.length > MOST_SCOPES) return Promise.resolve({ outcome: "refused", text: tooMany(scopes.length) });
    const link = firstLink(reason);
    const kind: Hold["kind"] = security ? "security" : "operator";
    const words = {
      kind,
      reason: printableReason(reason, Math.min(LONGEST_REASON, Math.floor(MOST_REASONS / scopes.length))),
      incidentUrl:
        link === null || link.length > LONGEST_LINK ? (context.request.incidentUrl ?? context.request.issue.url) : link,
      until,
      // As precise as the file, so that of two stops in one second the same one speaks before and after it is written.
      at: wholeSeconds(context.request.comment.at),
    };
    const holds = scopes.map((scope) => holdOf(scope, words, context.request));
    const wish = {
      verb: "stop",
      object: describeScopes(scopes),
      reason,
      apply: (control: Control) => ({ control: holds.reduce(placeHold, control), result: null }),
    } as const;
    return changeControl(
      wish,
      context,
      ({ pull }) => ({ outcome: "done", text: stoppedText(scopes, until, mergedWith(pull)) + linkNote(link) }),
      enforceStop(context, { scopes, kind, isNow: now || security }),
    );
  },
});

// Every hold is a record in a file that must stay readable, with its own copy of reason and link: in characters, one stop
// writes no more than fifty links and the reasons together. Whoever names more ecosystems means everything.
const MOST_SCOPES = 50;
const LONGEST_REASON = 500;
const MOST_REASONS = 15_000;
const LONGEST_LINK = 500;

function tooMany(count: number): string {
  return `Nothing was stopped: ${count} ecosystems are named, and a stop takes at most ${MOST_SCOPES}. \`/batch stop\` alone stops everything.`;
}

function holdOf(
  scope: Scope,
  words: Pick<Hold, "kind" | "reason" | "incidentUrl" | "until" | "at">,
  { comment, position, operator }: Request,
): Hold {
  return {
    id: commandHoldId(comment, position, scope),
    scope,
    ...words,
    by: operator.login,
    source: comment.url,
  };
}

/** The reason as scripts may print it: one line in which a runner finds no workflow command, `::error::` or `##[error]`. */
function printableReason(reason: string, maxLength: number): string {
  return oneLine(reason, maxLength).replace(/^::/, ": :").replaceAll("##[", "## [");
}

function firstLink(reason: string): string | null {
  return /https?:\/\/[^\s<>"'`()[\]]+/.exec(reason)?.[0] ?? null;
}

function linkNote(link: string | null): string {
  if (link === null || link.length <= LONGEST_LINK) return "";
  return ` The link in the reason has ${link.length} characters, more than the ${LONGEST_LINK} that are kept: this thread stands as the incident's link instead.`;
}

function stoppedText(scopes: readonly Scope[], until: Instant | null, merged: string): string {
  const end =
    until === null ? "" : ` It is lifted by itself at ${printInstant(until)}, and asked about here before that.`;
  const undo = scopes.includes("*") ? "/batch resume" : `/batch resume ${scopes.join(" ")}`;
  return `**Stopped: ${describeScopes(scopes)}.** The hold is on the default branch${merged}.${end} \`${undo}\` undoes it.`;
}
