import { DAY, type Duration, type Instant, SECOND } from "../instant.ts";

/** How long something waits for a second operator. What nobody approved in a day is asked for anew, by somebody who wants it. */
const APPROVAL_LASTS: Duration = DAY;

/** Something that one operator asked for and another must approve. */
export interface AskedApproval {
  /** Numeric id of the account that asked: it stays when the login changes. */
  readonly requester: number;
  readonly askedAt: Instant;
  /** Since when it shows what it shows, by GitHub's clock. */
  readonly shownAt: Instant;
}

/** Why an approval does not count. */
export type ApprovalRefusal =
  | { readonly kind: "same-person" }
  | { readonly kind: "expired"; readonly at: Instant }
  /** What was shown when the approval was given was not this yet. */
  | { readonly kind: "newer"; readonly shownAt: Instant };

/**
 * Whether somebody may approve what was asked for; null when so. Permission is another matter: it is asked of GitHub.
 * @param approvedAt when the approval was written; null when it names exactly what it approves.
 */
export function approvalRefusal(
  { requester, askedAt, shownAt }: AskedApproval,
  {
    approver,
    approvedAt,
    now,
  }: { readonly approver: number; readonly approvedAt: Instant | null; readonly now: Instant },
): ApprovalRefusal | null {
  if (requester === approver) return { kind: "same-person" };
  if (expiryOf({ askedAt }) <= now) return { kind: "expired", at: expiryOf({ askedAt }) };
  // Both are of whole seconds.
  return approvedAt !== null && approvedAt < shownAt - SECOND ? { kind: "newer", shownAt } : null;
}

/** When something that waits is given up. */
export function expiryOf({ askedAt }: Pick<AskedApproval, "askedAt">): Instant {
  return askedAt + APPROVAL_LASTS;
}
