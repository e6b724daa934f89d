import {
  approvedBefore,
  approvedText,
  mergeApproved,
  refusedText,
  tellRequester,
  voidText,
} from "../../commands/approval.ts";
import { approvalRefusal } from "../../domain/approval/approval.ts";
import { numberLink } from "../../domain/number-link.ts";
import { quote } from "../../domain/quote.ts";
import { planChecks } from "../../domain/supply-chain/check-plan.ts";
import { type CheckResult, resultLine } from "../../domain/supply-chain/check-result.ts";
import { readDriftMessage } from "../../github/drift-message.ts";
import { findFiles } from "../../github/file-change.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { threadOf } from "../../github/tell-thread.ts";
import { type WaitingApproval, waitingApprovals } from "../../github/waiting-approval.ts";
import type { Services } from "../services.ts";
import { compareAll } from "./compare.ts";
import type { ApproveDriftPayload } from "./payload.ts";
import { tellResult } from "./tell-result.ts";

/**
 * Downloads once more what an approved proposal accepts, and merges it if that is still what was asked for: what is approved
 * is exactly that checksum. Whoever approved, and whoever asked, are told.
 */
export async function approveDrift(payload: ApproveDriftPayload, services: Services): Promise<void> {
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "command");
  await tellResult(repository, payload.asked, services, () => measureAndMerge(repository, payload, services));
}

async function measureAndMerge(
  repository: Repository,
  { pull, head, approval }: ApproveDriftPayload,
  services: Services,
): Promise<string> {
  const done = await approvedBefore(repository, approval.url);
  if (done !== null) return approvedText(repository, done, { holds: [] });
  const waiting = (await waitingApprovals(repository, services)).find(({ number }) => number === pull);
  if (waiting === undefined) return `**Not approved**: #${pull} does not wait for a second operator any more.`;
  const asked = { requester: waiting.requester.id, askedAt: waiting.askedAt, shownAt: waiting.shownAt };
  const { approver, writtenAt } = approval;
  const refusal = approvalRefusal(asked, { approver: approver.id, approvedAt: writtenAt, now: services.now() });
  if (refusal !== null) return refusedText(waiting, refusal);
  if (waiting.head !== head) return voidText(waiting, "it was brought up to date since");
  const results = await measure(repository, waiting, services);
  if (results.length > 0 && results.every(({ kind }) => kind === "same")) {
    const { text } = await mergeApproved(waiting, approval, { repository });
    await tellRequester(waiting, text, approval, { repository, botLogin: services.botLogin });
    return text;
  }
  const lines = results.map(resultLine).join("\n");
  if (!results.some(({ kind }) => kind === "drift"))
    return `**Not merged yet**: what ${numberLink(waiting)} accepts could not be looked at once more, which is not a "no". Repeat the approval.\n\n${lines}`;
  const text = `**Not approved**: what is downloaded now is not what ${numberLink(waiting)} accepts: **it has changed again** since it was asked for. It is void; ask for it anew if that is meant to be.\n\n${lines}`;
  await tellChangedAgain(repository, waiting, text, approval, services);
  return text;
}

/** What the recipe of a proposal gives now for the addresses whose checksums it changes. */
async function measure(
  repository: Repository,
  { head, message }: WaitingApproval,
  { downloader }: Services,
): Promise<readonly CheckResult[]> {
  const record = readDriftMessage(message);
  if (record === null) return [];
  const [found] = await findFiles(repository, head, [record.path]);
  const plan = found?.file.kind === "text" ? planChecks(found.file.text, record) : null;
  const changed = (plan?.checks ?? []).filter(
    ({ published }) => published.kind === "hash" && record.digits.includes(published.hash.digits),
  );
  return compareAll(changed, downloader);
}

/** A file that changes while somebody looks at it is worth more attention than one that changed. */
async function tellChangedAgain(
  repository: Repository,
  waiting: WaitingApproval,
  text: string,
  approval: ApproveDriftPayload["approval"],
  services: Services,
): Promise<void> {
  await tellRequester(waiting, text, approval, { repository, botLogin: services.botLogin });
  const number = threadOf(repository, readDriftMessage(waiting.message)?.incidentUrl ?? "");
  const incident = number === null ? null : await services.incidents.read(repository, number);
  if (incident === null || incident.severity === null) return;
  const told = `${quote(approval.approver.login, 40)} approved ${numberLink(waiting)}, and what it accepts **has changed again** meanwhile. Nothing was merged.`;
  const update = { key: `changed-again:${waiting.number}`, text: told };
  await services.incidents.update(repository, incident, incident.severity, update);
}
