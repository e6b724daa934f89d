import { tellRequester, waitsUntilText } from "../../commands/approval.ts";
import { expiryOf } from "../../domain/approval/approval.ts";
import type { Instant } from "../../domain/instant.ts";
import { closePull } from "../../github/close-pull.ts";
import { repositoryOf } from "../../github/repository.ts";
import { waitingApprovals } from "../../github/waiting-approval.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { APPROVALS_DUE } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/** Gives up what waited too long for a second operator, tells whoever asked for it, and looks again when the next is due. */
export async function onApprovalsDue(event: RepositoryEvent, services: Services): Promise<void> {
  const octokit = await services.octokitOf(event.installation.id);
  const repository = repositoryOf(event.repository, octokit, "housekeeping");
  const waiting = await waitingApprovals(repository, services);
  const now = services.now();
  for (const each of waiting.filter((approval) => expiryOf(approval) <= now)) {
    const text = `**Given up**: nobody approved ${waitsUntilText(each)}. Nothing was changed; whoever still wants it asks again.`;
    await tellRequester(each, text, { url: "" }, { repository, botLogin: services.botLogin });
    await closePull(repository, each);
  }
  const left = waiting.map(expiryOf).filter((at) => at > now);
  if (left.length > 0) await watchApprovals(event, Math.min(...left), services);
}

/** Looks at what waits for a second operator at a time. One timer for a repository; one that is set for earlier stays. */
export function watchApprovals(
  { installation, repository }: RepositoryEvent,
  at: Instant,
  { inbox }: Pick<Services, "inbox">,
): Promise<void> {
  const lane = laneOf(repository.full_name);
  const body = JSON.stringify({ installation, repository });
  return inbox.schedule([{ key: `approvals-due:${lane}`, lane, event: APPROVALS_DUE, body, at }], "keep");
}
