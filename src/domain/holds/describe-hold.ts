import { printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import type { Hold } from "./hold.ts";

/** A hold in one line: what, which kind, by whom, since when, why. */
export function describeHold({ id, scope, kind, by, at, reason }: Hold): string {
  const why = reason === "" ? "" : `: ${quote(reason, 120)}`;
  return `\`${id}\` on ${scope === "*" ? "everything" : scope}, ${kind}, by ${quote(by, 40)} since ${printInstant(at)}${why}.`;
}

/** When a hold ends, as a sentence after others: an operator's by itself, a security hold never. "" when nobody said. */
export function describeEnd({ kind, until }: Pick<Hold, "kind" | "until">): string {
  if (until === null) return "";
  const moment = printInstant(until);
  switch (kind) {
    case "operator":
      return ` It is lifted by itself at ${moment}.`;
    case "security":
      return ` Expected to end at ${moment}, which a security hold never does by itself.`;
    case "budget":
      return ` Expected to end at ${moment}.`;
    default:
      return kind satisfies never;
  }
}
