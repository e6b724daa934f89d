import type { VerificationRequest } from "../../commands/context.ts";
import type { Delivery, Inbox } from "../../inbox/inbox.ts";
import { VERIFY } from "../occurrence.ts";
import type { IssueCommentPayload, RepositoryEvent } from "../payload.ts";
import type { VerifyPayload } from "./payload.ts";

/**
 * The lane of downloads, one for all repositories: whatever takes minutes there holds up no command, and no more than one
 * of the lanes that a process works on at a time.
 */
const LANE = "downloads";

/** Takes over that a recipe is to be verified for somebody who asked; asked again by the same comment, it is one. */
export async function acceptVerification(
  { installation, repository, comment, issue }: IssueCommentPayload,
  recipe: VerificationRequest,
  position: number,
  inbox: Pick<Inbox, "accept">,
): Promise<void> {
  const key = `${comment.id}.${position}`;
  const asked = { issue: issue.number, key };
  await inbox.accept([
    verification(`verify:${repository.full_name}:${key}`, { installation, repository, ...recipe, asked }),
  ]);
}

/** The delivery of a recipe that is to be verified. */
export function verification(id: string, payload: VerifyPayload & RepositoryEvent): Delivery {
  return { id, event: VERIFY, lane: LANE, body: JSON.stringify(payload), urgent: false };
}
