import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import type { Repository } from "../github/repository.ts";
import type { ParseContext } from "./argument.ts";
import { readNames } from "./arguments/name.ts";
import { type WaitingPull, waitingRequests } from "./waiting-request.ts";

/**
 * What to add where words name no known ecosystem: the stops that wait for what they name, which is known to nobody until
 * they land, and how to withdraw them. "" when there is none. One call.
 */
export async function waitingStopText(
  words: readonly string[],
  context: ParseContext,
  repository: Repository,
  services: Parameters<typeof waitingRequests>[1],
): Promise<string> {
  const names = readNames(words, context).flatMap(({ ecosystem }) => ecosystem ?? []);
  if (names.length === 0) return "";
  const waiting = (await waitingRequests(repository, services)).filter(
    (pull) => new Set<string>(names).intersection(scopesOf(pull)).size > 0,
  );
  return waiting.map(withdrawText).join("\n");
}

/** The names in `stop homebrew, npm, and pypi`. */
function scopesOf({ request }: WaitingPull): ReadonlySet<string> {
  const [, list = ""] = /^stop (.+)$/.exec(request.subject) ?? [];
  return new Set(list.split(/,? and |, /));
}

function withdrawText(pull: WaitingPull): string {
  const { subject, operator } = pull.request;
  return `${numberLink(pull)}, ${quote(subject)}, asked for by ${quote(operator.login, 40)}, waits and is not in force: \`/batch cancel #${pull.number}\` withdraws it.`;
}
