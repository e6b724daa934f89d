import type { Control } from "../domain/control/control.ts";
import type { Scope } from "../domain/ecosystem.ts";
import { clockText, isEmpty, receiptText } from "../domain/gate/receipt.ts";
import type { Hold } from "../domain/holds/hold.ts";
import type { CommandContext } from "./context.ts";
import type { Follow } from "./control-change.ts";

/** What a stop asks for beyond its holds. */
interface Stop {
  readonly scopes: readonly Scope[];
  readonly kind: Hold["kind"];
  /** Whether it also ends at once what is running. */
  readonly isNow: boolean;
}

/**
 * What a stop does on GitHub once its holds are on the default branch, and the receipt of it. The thread is told at once that
 * it is in force, when there is more to do; where there is nothing beyond the hold, there is nothing to add either.
 */
export function enforceStop(context: CommandContext, { scopes, kind, isNow }: Stop): Follow {
  return async (said, control) => {
    const { login } = context.request.operator;
    const isOwn = (hold: Hold) =>
      scopes.includes(hold.scope) && hold.kind === kind && hold.by.toLowerCase() === login.toLowerCase();
    const holds = control.holds.filter(isOwn);
    // What was lifted since has nothing to enforce.
    if (holds.length === 0) return "";
    const isMore = isNow || context.reading.snapshot.openPulls > 0;
    const [facts] = await Promise.all([
      context.enforcement.enforce(context.repository, orderOf(context, control, holds, isNow)),
      isMore ? context.say(`${said}\n\n${begunText(context)}`) : null,
    ]);
    return isEmpty(facts) && !isNow ? "" : `\n\n${receiptText(facts, "in force", context.now)}`;
  };
}

/** What the end of a stop gives back on GitHub, and the receipt of it. */
export function enforceResume(context: CommandContext): Follow {
  return async (_said, control) => {
    const facts = await context.enforcement.enforce(context.repository, orderOf(context, control, [], false));
    const released = { ...facts, held: [] };
    return isEmpty(released) ? "" : `\n\n${receiptText(released, "lifted", context.now)}`;
  };
}

function orderOf({ reading, request, now }: CommandContext, control: Control, holds: readonly Hold[], isNow: boolean) {
  const { settings } = reading.configuration;
  const { openPulls } = reading.snapshot;
  return { settings, control, now, openPulls, only: null, holds, isNow, event: request.event };
}

function begunText({ now }: CommandContext): string {
  return `${clockText(now)}: in force; what is open and running is being seen to.`;
}
