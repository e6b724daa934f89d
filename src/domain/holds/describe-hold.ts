import { printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import type { Hold } from "./hold.ts";

/** A hold in one line: what, which kind, by whom, since when, why. */
export function describeHold({ id, scope, kind, by, at, reason }: Hold): string {
  const why = reason === "" ? "" : `: ${quote(reason, 120)}`;
  return `\`${id}\` on ${scope === "*" ? "everything" : scope}, ${kind}, by ${quote(by, 40)} since ${printInstant(at)}${why}.`;
}
