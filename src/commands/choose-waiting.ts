import { quote } from "../domain/quote.ts";
import type { WaitingApproval } from "../github/waiting-approval.ts";
import { waitsUntilText } from "./approval.ts";
import type { Answer } from "./context.ts";
import { shortDigest } from "./digest.ts";

/** What of everything that waits is meant: by its id, by the pull request the comment is on, or because nothing else waits. */
export function chooseWaiting(
  id: string | null,
  waiting: readonly WaitingApproval[],
  thread: number,
): WaitingApproval | Answer {
  if (waiting.length === 0) return refused("Nothing waits for a second operator.");
  if (id !== null) {
    const meant = waiting.filter(
      ({ number, digest }) => String(number) === id || (id.length >= 7 && digest.startsWith(id)),
    );
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return only;
    return refused(`Nothing that waits for a second operator is ${quote(id, 64)}.\n\n${list(waiting)}`);
  }
  const [only] = waiting;
  const here = waiting.find(({ number }) => number === thread) ?? (waiting.length === 1 ? only : undefined);
  return here ?? refused(`Several things wait for a second operator: name one.\n\n${list(waiting)}`);
}

/** Whether an approval names exactly what it is for. */
export function isNamedByDigest(id: string | null, { digest }: WaitingApproval): boolean {
  return id !== null && id.length >= 7 && digest.startsWith(id);
}

function refused(text: string): Answer {
  return { outcome: "refused", text: `**Nothing was done.** ${text}` };
}

function list(waiting: readonly WaitingApproval[]): string {
  return waiting.map((each) => `- \`${shortDigest(each.digest)}\`: ${waitsUntilText(each)}`).join("\n");
}
