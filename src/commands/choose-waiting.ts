import { quote } from "../domain/quote.ts";
import type { WaitingApproval } from "../github/waiting-approval.ts";
import { waitsUntilText } from "./approval.ts";
import type { Answer } from "./context.ts";
import { shortDigest } from "./digest.ts";

/** Something that waits, as far as it is chosen by. */
export interface Choosable {
  readonly number: number;
  /** Of exactly what would be done; null where it may be computed anew. */
  readonly digest: string | null;
  /** How it reads in a list. */
  readonly line: string;
}

/** What waits for a second operator, to be chosen from. */
export function choosableApproval(waiting: WaitingApproval): WaitingApproval & Choosable {
  return { ...waiting, line: `\`${shortDigest(waiting.digest)}\`: ${waitsUntilText(waiting)}` };
}

/**
 * What of everything that waits is meant: by its id, by the pull request the comment is on, or because nothing else waits.
 *
 * @param what how all of that is called: `waits for a second operator`
 */
export function chooseWaiting<Waiting extends Choosable>(
  id: string | null,
  waiting: readonly Waiting[],
  thread: number,
  what: { readonly one: string; readonly several: string },
): Waiting | Answer {
  if (waiting.length === 0) return refused(`Nothing ${what.one}.`);
  if (id !== null) {
    const meant = waiting.filter(
      ({ number, digest }) => String(number) === id || (id.length >= 7 && digest?.startsWith(id) === true),
    );
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return only;
    return refused(`Nothing that ${what.one} is ${quote(id, 64)}.\n\n${list(waiting)}`);
  }
  const [only] = waiting;
  const here = waiting.find(({ number }) => number === thread) ?? (waiting.length === 1 ? only : undefined);
  return here ?? refused(`Several things ${what.several}: name one.\n\n${list(waiting)}`);
}

/** Whether an approval names exactly what it is for. */
export function isNamedByDigest(id: string | null, { digest }: WaitingApproval): boolean {
  return id !== null && id.length >= 7 && digest.startsWith(id);
}

function refused(text: string): Answer {
  return { outcome: "refused", text: `**Nothing was done.** ${text}` };
}

function list(waiting: readonly Choosable[]): string {
  return waiting.map(({ line }) => `- ${line}`).join("\n");
}
