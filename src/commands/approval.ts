import { type ApprovalRefusal, approvalRefusal, expiryOf } from "../domain/approval/approval.ts";
import { liftManifest } from "../domain/approval/lift-manifest.ts";
import { planManifest } from "../domain/batches/plan-manifest.ts";
import type { Control } from "../domain/control/control.ts";
import { describeHold } from "../domain/holds/describe-hold.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { releaseHolds } from "../domain/holds/standing.ts";
import { printInstant } from "../domain/instant.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import { deleteBranch } from "../github/branch.ts";
import { commitTrailers } from "../github/commit-message.ts";
import { mergePullRequest } from "../github/pull-request.ts";
import { at, type Repository } from "../github/repository.ts";
import { tellOnce, threadOf } from "../github/tell-thread.ts";
import { readWaitingRollback, type WaitingApproval } from "../github/waiting-approval.ts";
import type { Answer, Approval, CommandContext } from "./context.ts";
import { unusableText } from "./control-change.ts";
import { digestOf } from "./digest.ts";

/** What approving needs of a command's context. */
export type ApprovalContext = Pick<
  CommandContext,
  "repository" | "reading" | "store" | "botLogin" | "now" | "downloadLater"
>;

/** Lets happen what waits, if it is still exactly what was asked for, and says what became of it. */
export async function approveWaiting(
  waiting: WaitingApproval,
  approval: Approval,
  context: ApprovalContext,
): Promise<Answer> {
  const asked = { requester: waiting.requester.id, askedAt: waiting.askedAt, shownAt: waiting.shownAt };
  const { approver, writtenAt } = approval;
  const refusal = approvalRefusal(asked, { approver: approver.id, approvedAt: writtenAt, now: context.now });
  if (refusal !== null) return { outcome: "refused", text: refusedText(waiting, refusal) };
  switch (waiting.kind) {
    case "lift":
      return lift(waiting, approval, context);
    case "rollback":
      return mergeApproved(waiting, approval, context);
    case "accept-drift":
      await context.downloadLater({ kind: "approve-drift", pull: waiting.number, head: waiting.head, approval });
      return { outcome: "done", text: measuredFirstText(waiting) };
  }
}

function measuredFirstText(waiting: WaitingApproval): string {
  return `**Approved, and looked at once more**: what ${numberLink(waiting)} accepts is downloaded again, and it is merged if that is still what was asked for. The result follows below, in some minutes at most.`;
}

/** The trailer by which an approval that was carried out is found again. */
function approvalTrailer(url: string): string {
  return `Batchkeeper-Approved-In: ${url}`;
}

/** The pull request that this very approval had merged before; null when there is none. */
export async function approvedBefore(repository: Repository, url: string): Promise<number | null> {
  const { data } = await repository.octokit.rest.repos.listCommits({ ...at(repository), per_page: 50 });
  const found = data.find(({ commit }) => commit.message.split("\n").includes(approvalTrailer(url)));
  const number = /\(#(\d+)\)$/.exec(found?.commit.message.split("\n", 1)[0] ?? "")?.[1];
  return number === undefined ? null : Number(number);
}

/** How a carried out approval reads. */
export function approvedText(
  { url }: Repository,
  number: number,
  { holds }: Control | { readonly holds: readonly Hold[] },
): string {
  const standing =
    holds.length === 0 ? "" : `\n\nHolds that stand:\n${holds.map((hold) => `- ${describeHold(hold)}`).join("\n")}`;
  return `**Approved and done**: [#${number}](${url}/pull/${number}) is merged.${standing}`;
}

async function lift(waiting: WaitingApproval, approval: Approval, context: ApprovalContext): Promise<Answer> {
  const { repository, reading, store } = context;
  const { settings } = reading.configuration;
  if (reading.control.kind === "unusable") {
    return { outcome: "failed", text: unusableText(settings.control_file, reading.control.problem) };
  }
  const moved = movedHolds(waiting, reading.control.file.control);
  if (moved !== null) return { outcome: "refused", text: voidText(waiting, moved) };
  const change = await store.propose(
    repository,
    {
      cause: () => ({
        events: [approval.event],
        command: waiting.command,
        requestedBy: waiting.requester,
        approvedBy: approval.approver,
        more: [approvalTrailer(approval.url)],
      }),
      subject: () => `lift security ${waiting.holds.length === 1 ? "hold" : "holds"} ${waiting.holds.join(" ")}`,
      // Read again when somebody got there first: then it must still be the same holds.
      apply: (control) =>
        movedHolds(waiting, control) === null
          ? { control: releaseHolds(control, isOf(waiting)), result: true }
          : { control, result: false },
    },
    { branch: waiting.branch, title: waiting.title, body: "", mode: settings.pull_requests.resume, again: true },
    reading,
  );
  switch (change.kind) {
    case "committed":
    case "unchanged": {
      if (!change.result)
        return { outcome: "refused", text: voidText(waiting, movedHolds(waiting, change.control) ?? "") };
      await tellRequester(
        waiting,
        `**Approved by ${quote(approval.approver.login, 40)}**: ${numberLink(waiting)} is merged.`,
        approval,
        context,
      );
      return {
        outcome: "done",
        text: approvedText(repository, waiting.number, change.control),
        control: change.control,
      };
    }
    case "landed-before":
      return { outcome: "done", text: `**Done before**: ${numberLink(change.pull)} is merged.` };
    case "waiting":
      return {
        outcome: "done",
        text: `**Approved, and not in force yet**: ${numberLink(change.pull)} waits for ${quote(change.waitsFor)}.`,
      };
    case "unusable":
      return { outcome: "failed", text: unusableText(settings.control_file, change.problem) };
  }
}

function isOf({ holds }: WaitingApproval): (hold: Hold) => boolean {
  return (hold) => hold.kind === "security" && holds.includes(hold.id);
}

/** What of the holds is not as it was when lifting them was asked for; null when nothing moved. */
function movedHolds(waiting: WaitingApproval, { holds }: Control): string | null {
  const standing = holds.filter(isOf(waiting));
  if (digestOf(liftManifest(standing)) === waiting.digest) return null;
  const gone = waiting.holds.filter((id) => !standing.some((hold) => hold.id === id)).map((id) => `\`${id}\` is gone`);
  const now = standing.map((hold) => `now it is ${describeHold(hold)}`);
  return [...gone, ...now].join("; ");
}

/** Merges what waits and was approved, if its commit is what it names and nobody has changed the same paths since. */
export async function mergeApproved(
  waiting: WaitingApproval,
  approval: Approval,
  { repository }: Pick<ApprovalContext, "repository">,
): Promise<Answer> {
  const { moved, ...based } = await readWaitingRollback(repository, waiting);
  if (digestOf(planManifest(based)) !== waiting.digest)
    return { outcome: "refused", text: voidText(waiting, "its commit is not the plan that it names") };
  if (moved.length > 0) {
    const named = moved.slice(0, MOST_NAMED).map((path) => quote(path, 120));
    const more = moved.length > MOST_NAMED ? ` and ${moved.length - MOST_NAMED} more` : "";
    return {
      outcome: "refused",
      text: voidText(waiting, `the default branch has since changed ${named.join(", ")}${more}`),
    };
  }
  const [, ...trailers] = waiting.message.split("\n\n");
  const own = commitTrailers({
    events: [approval.event],
    approvedBy: approval.approver,
    more: [approvalTrailer(approval.url)],
  });
  const message = [...trailers, own].join("\n").trim();
  const merged = await mergePullRequest(repository, waiting, {
    head: waiting.head,
    title: `${waiting.title} (#${waiting.number})`,
    message,
  });
  switch (merged.kind) {
    case "merged":
      await deleteBranch(repository, waiting.branch).catch(() => {});
      return { outcome: "done", text: approvedText(repository, waiting.number, { holds: [] }) };
    case "blocked":
      return {
        outcome: "done",
        text: `**Approved, and not in force yet**: ${numberLink(waiting)} waits for ${quote(merged.waitsFor)}.`,
      };
    case "moved":
    case "conflict":
      return {
        outcome: "failed",
        text: `**Not done**: the default branch moved while ${numberLink(waiting)} was merged. Repeat the approval.`,
      };
  }
}

const MOST_NAMED = 10;

/** How an approval reads that does not count. */
export function refusedText(waiting: WaitingApproval, refusal: ApprovalRefusal): string {
  const link = numberLink(waiting);
  switch (refusal.kind) {
    case "same-person":
      return `**Not approved**: ${link} was asked for by you, and takes another operator.`;
    case "expired":
      return `**Not approved**: ${link} waited until ${printInstant(refusal.at)}. Whoever still wants it asks again.`;
    case "newer":
      return `**Not approved**: ${link} was brought up to date at ${printInstant(refusal.shownAt)}, after you had written. Look at it again, then repeat the approval.`;
  }
}

/** How an approval reads that came too late for what it was given for. */
export function voidText(waiting: WaitingApproval, moved: string): string {
  return `**Not approved**: what ${numberLink(waiting)} would do is not what was asked for any more: ${moved}. It is void; ask for it again.`;
}

/** Whoever asked is told in their own thread, where that is another one. */
export async function tellRequester(
  waiting: WaitingApproval,
  text: string,
  { url }: Pick<Approval, "url">,
  { repository, botLogin }: Pick<ApprovalContext, "repository" | "botLogin">,
): Promise<void> {
  const thread = threadOf(repository, waiting.command);
  if (thread === null || thread === threadOf(repository, url)) return;
  await tellOnce(repository, thread, { kind: "approval-end", key: String(waiting.number) }, text, { botLogin });
}

/** Until when something waits, for people. */
export function waitsUntilText(waiting: WaitingApproval): string {
  return `${numberLink(waiting)}, asked for by ${quote(waiting.requester.login, 40)}, until ${printInstant(expiryOf(waiting))}`;
}
