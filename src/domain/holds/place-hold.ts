import type { Control } from "../control/control.ts";
import type { Hold } from "./hold.ts";
import { addHold } from "./standing.ts";

/**
 * Lets a person's hold stand. Whoever stops the same scope again changes the hold that they have there: it keeps its id and
 * its beginning, and its reason where no new one is given; its end is the new one, or none. Holds of others stay as they are.
 */
export function placeHold(control: Control, hold: Hold): Control {
  const own = control.holds.find((other) => isSameRequest(other, hold));
  if (own === undefined) return addHold(control, hold);
  return addHold(control, { ...hold, id: own.id, at: own.at, reason: hold.reason === "" ? own.reason : hold.reason });
}

/** Logins are the same in any case. */
function isSameRequest(a: Hold, b: Hold): boolean {
  return a.scope === b.scope && a.kind === b.kind && a.by.toLowerCase() === b.by.toLowerCase();
}
