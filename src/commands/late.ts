import { type Instant, MINUTE, printInstant } from "../domain/instant.ts";
import type { Answer } from "./context.ts";

// GitHub's clock and ours may differ by five minutes, and reconciliation finds what never came within ten.
const LONGEST_WAY = 10 * MINUTE;

/** Whether a comment took so long to get here that its author may have given it up. */
export function isLate({
  writtenAt,
  acceptedAt,
}: {
  readonly writtenAt: Instant;
  readonly acceptedAt: Instant;
}): boolean {
  return acceptedAt - writtenAt > LONGEST_WAY;
}

/** The answer to a command that was missed and must not be run late. */
export function missedAnswer(writtenAt: Instant): Answer {
  const text = `**Not run**: I missed this at ${printInstant(writtenAt)}, and what it would change may not be wanted any more. Repeat it to run it now.`;
  return { outcome: "failed", text };
}
