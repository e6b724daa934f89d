import { approveWaiting } from "../commands/approval.ts";
import type { DownloadWork } from "../commands/context.ts";
import { messageOf } from "../github/failure.ts";
import { readRole } from "../github/permission.ts";
import { repositoryOf } from "../github/repository.ts";
import { tellOnce } from "../github/tell-thread.ts";
import { waitingApprovals } from "../github/waiting-approval.ts";
import { authorize } from "./answering/authorize.ts";
import { watchHolds } from "./holds/hold-timer.ts";
import type { PullRequestReviewPayload } from "./payload.ts";
import type { Services } from "./services.ts";
import { acceptDownload } from "./supply-chain/accept-download.ts";

/**
 * An approving review of what waits for a second operator counts as `/batch approve`, for exactly the commit that was
 * reviewed. Reviews of anything else cost no call.
 */
export async function onPullRequestReview(
  delivery: string,
  payload: PullRequestReviewPayload,
  services: Services,
): Promise<void> {
  const { review, pull_request: pull, installation } = payload;
  const { user } = review;
  if (review.state.toLowerCase() !== "approved" || user === null || user.type === "Bot") return;
  if (pull.user?.login !== (await services.botLogin())) return;
  const repository = repositoryOf(payload.repository, await services.octokitOf(installation.id), "command");
  const waiting = (await waitingApprovals(repository, services)).find(({ number }) => number === pull.number);
  if (waiting === undefined) return;
  const [role, reading] = await Promise.all([readRole(repository, user), services.store.read(repository)]);
  const { operators } = reading.configuration.settings;
  const refusal = await authorize({ verb: "approve", needs: "write" }, { repository, person: user, role, operators });
  const isOfHead = review.commit_id === waiting.head;
  const { store, botLogin, inbox } = services;
  const asked = { issue: pull.number, key: `review-${review.id}` };
  const downloadLater = (work: DownloadWork) => acceptDownload(payload, work, asked, inbox);
  const approval = { approver: user, writtenAt: null, url: review.html_url, event: delivery };
  const answer =
    refusal ??
    (isOfHead
      ? await approveWaiting(waiting, approval, {
          repository,
          reading,
          store,
          botLogin,
          downloadLater,
          now: services.now(),
        })
      : {
          outcome: "refused",
          text: "**Not approved**: the review is of another commit than the one that waits now. Look at it again, then approve it.",
        });
  const marker = { kind: "approval-review", key: String(review.id) } as const;
  await tellOnce(repository, pull.number, marker, answer.text, services).catch((error) => {
    services.log.warn({ repository: repository.fullName, reason: messageOf(error) }, "reviewer not told");
  });
  if ("control" in answer && answer.control !== undefined) await watchHolds(payload, answer.control, services);
}
