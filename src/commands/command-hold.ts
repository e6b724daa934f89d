import type { Scope } from "../domain/ecosystem.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { holdId } from "../domain/holds/hold-id.ts";
import type { Request } from "./context.ts";

/** The id of the hold that the command at a position of a comment puts on a scope. */
export function commandHoldId({ url }: Request["comment"], position: number, scope: Scope): string {
  return holdId(`${url} ${position}`, scope);
}

/**
 * Whether a hold was asked for after a command was written: in a later comment, or further down in the same. A command may
 * be handled late, or again after a crash; what was stopped meanwhile is not what its author meant. GitHub numbers comments
 * in the order in which they are written, so that no clock has to be trusted.
 */
export function isAskedLater(hold: Hold, { comment, position }: Request): boolean {
  const source = Number(/#issuecomment-(\d+)$/.exec(hold.source)?.[1] ?? 0);
  if (source !== comment.id) return source > comment.id;
  const earlier = Array.from({ length: position }, (_, index) => commandHoldId(comment, index, hold.scope));
  return !earlier.includes(hold.id);
}
