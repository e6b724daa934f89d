import { expiryOf } from "../domain/approval/approval.ts";
import { liftManifest } from "../domain/approval/lift-manifest.ts";
import { describeHold } from "../domain/holds/describe-hold.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { releaseHolds } from "../domain/holds/standing.ts";
import { type Instant, printInstant } from "../domain/instant.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import { approvalTrailers } from "../github/approval-message.ts";
import { waitingApprovals } from "../github/waiting-approval.ts";
import type { Answer, CommandContext, Request } from "./context.ts";
import { unusableText } from "./control-change.ts";
import { digestOf, shortDigest } from "./digest.ts";
import { markedRequest } from "./request-marker.ts";

/** How branches begin whose change two must agree on: when something moved it is void, and only whoever asked asks again. */
export const LIFT_BRANCH = "batchkeeper/lift-security-";

/**
 * Asks for a second operator to lift security holds (runbook section 5), by a pull request that this app merges only when
 * another person approves exactly these holds. Asked for again by anybody, it is the one that waits already.
 */
export async function askToLift(holds: readonly Hold[], reason: string, context: CommandContext): Promise<Answer> {
  const { repository, request, reading, store, now } = context;
  const digest = digestOf(liftManifest(holds));
  const known = (await waitingApprovals(repository, context)).find((waiting) => waiting.digest === digest);
  const askedAt = known?.askedAt ?? now;
  const waitsUntil = expiryOf({ askedAt });
  if (known !== undefined) return { outcome: "done", text: waitsText(known, digest, holds, askedAt), waitsUntil };
  const ids = holds.map(({ id }) => id);
  const isMeant = (hold: Hold) => hold.kind === "security" && ids.includes(hold.id);
  const subject = `lift security ${ids.length === 1 ? "hold" : "holds"} ${ids.join(" ")}`;
  const change = await store.propose(
    repository,
    {
      cause: () => ({
        events: [request.event],
        command: request.comment.url,
        requestedBy: request.operator,
        approval: approvalTrailers({ kind: "lift", digest, askedAt, holds: ids }),
      }),
      subject: () => subject,
      apply: (control) => ({ control: releaseHolds(control, isMeant), result: null }),
    },
    {
      branch: branchOf(request),
      title: `Lift security ${ids.length === 1 ? "hold" : "holds"} ${ids.slice(0, 3).join(", ")}`,
      body: markedRequest({ ...request, subject }, bodyOf(holds, reason, digest, request), branchOf(request), context),
      mode: "second-operator",
      again: request.again,
    },
  );
  switch (change.kind) {
    case "waiting":
      return { outcome: "done", text: waitsText(change.pull, digest, holds, askedAt), waitsUntil };
    case "landed-before":
      return { outcome: "done", text: `**Done before**: ${numberLink(change.pull)} is merged.` };
    case "unusable":
      return { outcome: "failed", text: unusableText(reading.configuration.settings.control_file, change.problem) };
    case "committed":
    case "unchanged":
      return { outcome: "refused", text: "There is no security hold to lift any more." };
  }
}

/** How something that waits is approved, and until when. */
export function howToApprove(digest: string, askedAt: Instant): string {
  const id = shortDigest(digest);
  return `Another operator approves it with \`/batch approve ${id}\` or with an approving review, until ${printInstant(expiryOf({ askedAt }))}; \`/batch cancel ${id}\` withdraws it.`;
}

function waitsText(
  pull: { readonly number: number; readonly url: string },
  digest: string,
  holds: readonly Hold[],
  askedAt: Instant,
): string {
  const lines = holds.map((hold) => `- ${describeHold(hold)}`).join("\n");
  return `**Waits for a second operator**: ${numberLink(pull)} lifts exactly this:\n${lines}\n\n${howToApprove(digest, askedAt)}`;
}

function branchOf({ comment, position }: Request): string {
  return `${LIFT_BRANCH}${comment.id}${position === 0 ? "" : `-${position}`}`;
}

function bodyOf(holds: readonly Hold[], reason: string, digest: string, { comment, operator }: Request): string {
  const because = reason === "" ? "" : `\n\nReason: ${quote(reason)}`;
  const lines = holds.map((hold) => `- ${describeHold(hold)}`).join("\n");
  return `Asked for by ${quote(operator.login)} in [a comment](${comment.url}), to be approved by another operator: an approving review of this pull request, or \`/batch approve ${shortDigest(digest)}\`. It lifts exactly this:\n\n${lines}${because}`;
}
