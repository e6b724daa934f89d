import { createHash } from "node:crypto";
import { tellRequester } from "../../commands/approval.ts";
import { digestOf } from "../../commands/digest.ts";
import { requestBranch } from "../../commands/request-branch.ts";
import { expiryOf } from "../../domain/approval/approval.ts";
import { planManifest } from "../../domain/batches/plan-manifest.ts";
import { recipeName } from "../../domain/batches/recipe.ts";
import { ACCEPTANCE_BRANCH } from "../../domain/gate/gated-pull.ts";
import type { Entry } from "../../domain/incidents/incident-log.ts";
import { type Instant, printInstant } from "../../domain/instant.ts";
import { numberLink } from "../../domain/number-link.ts";
import { quote } from "../../domain/quote.ts";
import { approvalTrailers } from "../../github/approval-message.ts";
import type { Reading } from "../../github/change.ts";
import { closePull } from "../../github/close-pull.ts";
import { markedBody } from "../../github/comment.ts";
import { driftMessage, encodeAt, readDriftMessage } from "../../github/drift-message.ts";
import { messageOf } from "../../github/failure.ts";
import { fileModeAt } from "../../github/file-change.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import { makeCommit } from "../../github/loose-commit.ts";
import { otherOperators } from "../../github/operators.ts";
import { askForReview, proposeCommit } from "../../github/propose-commit.ts";
import { findPullRequest, OWN_LABEL, type PullRequest, WAITING_LABEL } from "../../github/pull-request.ts";
import type { Repository } from "../../github/repository.ts";
import { type WaitingApproval, waitingApprovals } from "../../github/waiting-approval.ts";
import { watchApprovals } from "../holds/approvals-due.ts";
import type { Services } from "../services.ts";
import { type AcceptanceText, proposalBody, waitsText } from "./acceptance-text.ts";
import type { AcceptDriftPayload } from "./payload.ts";

/** A change of a recipe that was decided on. */
interface Decided extends Pick<AcceptanceText, "acceptance"> {
  readonly incident: IncidentIssue;
  readonly reading: Reading;
}

/** What is said where the pull request of this very comment has ended already; null while it has not. One call. */
export async function acceptanceBefore(repository: Repository, payload: AcceptDriftPayload): Promise<string | null> {
  const pull = await findPullRequest(repository, branchOf(payload));
  if (pull === null || pull.state === "open") return null;
  return `**Done before**: ${numberLink(pull)} was opened for this comment, and is ${pull.state}. Post a new comment to ask again.`;
}

/**
 * Proposes a recipe with the checksums of now by a pull request that this app merges only when another operator approves
 * it, in words for whoever asked. Asked for again, the same change is the one that waits already; another one of the same
 * recipe is closed, because what it accepts is not there any more.
 */
export async function proposeAcceptance(
  repository: Repository,
  payload: AcceptDriftPayload,
  decided: Decided,
  services: Services,
): Promise<string> {
  const { path } = payload;
  const { changes } = decided.acceptance;
  const branch = branchOf(payload);
  const wanted = changes.map(({ to }) => to.digits).join();
  let askedAt = services.now();
  for (const waiting of await waitingApprovals(repository, services)) {
    const known = readDriftMessage(waiting.message);
    if (waiting.kind !== "accept-drift" || known?.path !== path) continue;
    if (waiting.branch === branch) askedAt = waiting.askedAt;
    else if (known.digits.join() === wanted) return waitsText(waiting, path, { ...waiting, ...decided });
    else await supersede(repository, waiting, payload, services);
  }
  const proposal = await commit(repository, payload, { ...decided, askedAt }, services);
  const pull = await proposeCommit(repository, { ...proposal, open: null });
  const undone = await announce(repository, pull, payload, decided);
  await note(repository, pull, payload, decided, services);
  await watchApprovals(payload, expiryOf({ askedAt }), services);
  return [waitsText(pull, path, { ...decided, digest: proposal.digest, askedAt }), ...undone].join("\n\n");
}

async function commit(
  repository: Repository,
  payload: AcceptDriftPayload,
  { acceptance, incident, reading, askedAt }: Decided & { readonly askedAt: Instant },
  { seal }: Services,
) {
  const { path, version, request } = payload;
  const { head: base, tree } = reading.snapshot;
  const branch = branchOf(payload);
  const mode = await fileModeAt(repository, base, path);
  const to = { mode, sha: blobSha(acceptance.text) };
  const digest = digestOf(planManifest({ base, plan: [{ path, action: "restore", to, swept: [], isPartial: false }] }));
  const seenAt = printInstant(incident.log.entries[0]?.at ?? incident.openedAt ?? askedAt);
  const record = { path, version, changes: acceptance.changes, seenAt, incidentUrl: incident.url };
  const approval = approvalTrailers({ kind: "accept-drift", digest, askedAt, holds: [] });
  const cause = { events: [request.event], command: request.comment.url, requestedBy: request.operator, approval };
  const message = seal.set(driftMessage(record, cause), { fullName: repository.fullName, branch });
  const head = await makeCommit(repository, { head: base, tree }, { path, text: acceptance.text, mode }, message);
  const key = `${payload.asked.issue}:${incident.number}`;
  const body = markedBody(
    { kind: "acceptance", key },
    proposalBody(payload, { acceptance, incident, digest, askedAt }),
  );
  return { branch, head, title: `Accept the checksum of now for ${encodeAt(recipeName(path))}`, body, digest };
}

/** The label and the request for a review; what could not be asked for is said, and keeps nobody from approving. */
async function announce(
  repository: Repository,
  pull: PullRequest,
  { request }: AcceptDriftPayload,
  { reading }: Decided,
): Promise<readonly string[]> {
  const { operators } = reading.configuration.settings;
  try {
    const others = await otherOperators(repository, operators, request.operator);
    await askForReview(repository, pull, [OWN_LABEL, WAITING_LABEL], others);
    return [];
  } catch (error) {
    return [`The label or the request for a review could not be set (${quote(messageOf(error), 160)}).`];
  }
}

/** The proposal is part of the incident's course. */
async function note(
  repository: Repository,
  { number }: PullRequest,
  { path, request }: AcceptDriftPayload,
  { incident }: Decided,
  { incidents, now }: Services,
): Promise<void> {
  const words = `#${number} proposes the checksum of now for ${path}`;
  const entry: Entry = { at: now(), kind: "pull", key: `proposed:${number}`, by: request.operator.login, words };
  const current = await incidents.read(repository, incident.number);
  if (current !== null) await incidents.record(repository, current, [entry]);
}

async function supersede(
  repository: Repository,
  waiting: WaitingApproval,
  { request }: AcceptDriftPayload,
  { botLogin }: Services,
): Promise<void> {
  await closePull(repository, waiting);
  const text = `${numberLink(waiting)} is closed: what it would accept is not what is downloaded now, and [somebody asked anew](${request.comment.url}).`;
  await tellRequester(waiting, text, request.comment, { repository, botLogin });
}

function branchOf({ path, request }: AcceptDriftPayload): string {
  return requestBranch(ACCEPTANCE_BRANCH, recipeName(path), request, 60);
}

/** The name that git gives to a content. */
function blobSha(text: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest("hex");
}
