import type { Control } from "../control/control.ts";
import type { Scope } from "../ecosystem.ts";
import { HOLD_KINDS, type Hold } from "./hold.ts";

/**
 * Lets a hold stand. Asked for again, it takes its own place, and nothing else changes. Two requests whose ids are the
 * same by chance do not replace each other unless they cover the same scope, which then stays held.
 */
export function addHold(control: Control, hold: Hold): Control {
  const isItself = (other: Hold) => other.id === hold.id && other.scope === hold.scope;
  const holds = control.holds.some(isItself)
    ? control.holds.map((other) => (isItself(other) ? hold : other))
    : [...control.holds, hold];
  return { ...control, holds };
}

/** Lifts the holds that `isLifted` chooses and no others. */
export function releaseHolds(control: Control, isLifted: (hold: Hold) => boolean): Control {
  return { ...control, holds: control.holds.filter((hold) => !isLifted(hold)) };
}

/** The holds that keep a scope from running: those on it and those on everything. */
export function blocking(control: Control, scope: Scope): readonly Hold[] {
  return control.holds.filter((hold) => hold.scope === "*" || hold.scope === scope);
}

/**
 * The hold that speaks for all: security before operator before budget, then the oldest, then by what asked for it, of
 * comments the earlier one, then everything before single ecosystems, then by id. Null of none.
 */
export function gravest(holds: readonly Hold[]): Hold | null {
  return holds.toSorted(byGravity)[0] ?? null;
}

function byGravity(a: Hold, b: Hold): number {
  return (
    HOLD_KINDS.indexOf(a.kind) - HOLD_KINDS.indexOf(b.kind) ||
    a.at - b.at ||
    bySource(a.source, b.source) ||
    order(a.scope, b.scope) ||
    order(a.id, b.id)
  );
}

const { compare: byText } = new Intl.Collator("en", { numeric: true });

// Times have seconds; the numbers of comments tell which of two came first, in whatever thread.
function bySource(a: string, b: string): number {
  return byText(commentIn(a), commentIn(b)) || byText(a, b);
}

function commentIn(source: string): string {
  return /#issuecomment-(\d+)$/.exec(source)?.[1] ?? "";
}

/** `*` comes before every name. */
function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
