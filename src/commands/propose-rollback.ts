import type { Configuration } from "../config/schema.ts";
import { expiryOf } from "../domain/approval/approval.ts";
import { ROLLBACK_BRANCH, UNDO_BRANCH } from "../domain/batches/batch-claim.ts";
import type { BatchId } from "../domain/batches/batch-id.ts";
import { needsSecondOperator, planManifest } from "../domain/batches/plan-manifest.ts";
import { changedPaths, type RollbackPlan } from "../domain/batches/rollback-plan.ts";
import type { Instant } from "../domain/instant.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import { approvalTrailers } from "../github/approval-message.ts";
import { deleteBranch } from "../github/branch.ts";
import { markedBody } from "../github/comment.ts";
import { messageOf } from "../github/failure.ts";
import type { FoundBatch } from "../github/find-batch.ts";
import { landWhenGreen } from "../github/land-when-green.ts";
import { readMarker } from "../github/marker.ts";
import { otherOperators } from "../github/operators.ts";
import type { Reviewers } from "../github/propose-commit.ts";
import { type MergeResult, mergePullRequest, OWN_LABEL, type PullRequest } from "../github/pull-request.ts";
import type { Repository } from "../github/repository.ts";
import { commitRollback } from "../github/rollback-commit.ts";
import type { RollbackPull } from "../github/rollback-history.ts";
import { rollbackMessage } from "../github/rollback-message.ts";
import { announceRollback, type ProposedRollback, proposeRollback } from "../github/rollback-pull.ts";
import type { Answer, CommandContext, Request } from "./context.ts";
import { digestOf } from "./digest.ts";
import { planSummary, planTables } from "./plan-text.ts";
import { linkedIssue, rollbackBody, rollbackComment, rollbackKey, rollbackTitle } from "./rollback-pull-text.ts";

/** A rollback, or the undoing of one, that is decided on and not yet proposed. */
export interface DecidedRollback {
  readonly kind: "rollback" | "undo";
  readonly id: BatchId;
  readonly found: FoundBatch;
  readonly plan: RollbackPlan;
  /** Numbers of the pull requests that it takes back, and how they are shown. */
  readonly pulls: readonly number[];
  readonly sources: readonly string[];
  readonly notes: readonly string[];
}

/** How a proposal ended: answered, or to be decided anew because the default branch moved meanwhile. */
export type Proposed = { readonly kind: "answered"; readonly answer: Answer } | { readonly kind: "overtaken" };

/** Proposes a decided rollback by its one pull request, new or brought up to date; nothing where there is nothing to do. */
export async function propose(decided: DecidedRollback, reason: string, context: CommandContext): Promise<Proposed> {
  const { kind, found, plan, notes } = decided;
  const { repository, request } = context;
  const own = kind === "rollback" ? found.rollbacks : found.undos;
  const open = own.find(({ state }) => state === "open") ?? null;
  const ended = request.again ? own.find((pull) => pull.state !== "open" && isAnswerTo(pull, request)) : undefined;
  if (ended !== undefined) return answered("done", endedBefore(ended));
  if (open !== null && open.record === null) return answered("refused", handsOff(open));
  if (changedPaths(plan).length === 0) return answered("done", nothingToDo(plan, open, notes));

  const { settings } = context.reading.configuration;
  const over = needsSecondOperator(plan, settings) ? settings.operators.second_operator.rollback_over : null;
  const reviewers = over === null ? NOBODY : otherOperators(repository, settings.operators, request.operator);
  const work = await commitAndOpen(decided, { reason, open, over }, context);
  const { pull } = work;
  if (pull.base !== null && pull.base !== found.tip.sha) return { kind: "overtaken" };

  const label = { name: OWN_LABEL, id: found.labelId };
  const unasked = await announced(
    Promise.resolve(reviewers).then((who) => announceRollback(repository, pull, label, who)),
  );
  const merged = over === null ? await landRollback(repository, work, settings.pull_requests.rollback) : null;
  if (merged?.kind === "conflict" || merged?.kind === "moved") return { kind: "overtaken" };
  const state = stateText(pull, { merged, open, isSame: work.isSame, over });
  const proposed = answered("done", [state, planSummary(plan), ...notes, ...unasked, planTables(plan)].join("\n\n"));
  return { ...proposed, answer: { ...proposed.answer, ...waitsFor(over, context.now) } };
}

/** What more than so many recipes wait for: a second operator, until a time. */
function waitsFor(over: number | null, now: Instant): Pick<Answer, "waitsUntil"> {
  return over === null ? {} : { waitsUntil: expiryOf({ askedAt: now }) };
}

const NOBODY: Reviewers = { people: [], teams: [] };

/** A pull request with the commit that it proposes. */
interface Work {
  readonly pull: ProposedRollback;
  readonly branch: string;
  readonly title: string;
  readonly head: string;
  readonly message: string;
  /** Whether the open pull request proposed this very plan before. */
  readonly isSame: boolean;
}

interface Terms {
  readonly reason: string;
  readonly open: RollbackPull | null;
  readonly over: number | null;
}

async function commitAndOpen(
  decided: DecidedRollback,
  { reason, open, over }: Terms,
  { repository, request, seal, now }: CommandContext,
): Promise<Work> {
  const { kind, id, found, plan, pulls } = decided;
  const changes = changedPaths(plan);
  const digest = digestOf(planManifest({ base: found.tip.sha, plan }));
  const record = { kind, batch: id.text, pulls, changed: changes.length, total: plan.length, plan: digest };
  const branch = `${kind === "rollback" ? ROLLBACK_BRANCH : UNDO_BRANCH}${id.text}`;
  const cause = { events: [request.event], command: request.comment.url, requestedBy: request.operator };
  const approval = approvalTrailers({ kind: "rollback", digest, askedAt: now, holds: [] });
  const message =
    over === null
      ? rollbackMessage(record, cause)
      : seal.set(rollbackMessage(record, { ...cause, approval }), { fullName: repository.fullName, branch });
  const isSame = open?.record?.plan === digest;
  const head = isSame ? open.headSha : await commitRollback(repository, found.tip, changes, message);
  const incident = linkedIssue(reason, repository.url);
  const text = { ...decided, reason, incident, request, base: found.tip.sha, digest, over };
  const title = rollbackTitle(kind, id);
  const body = markedBody({ kind: "rollback", key: rollbackKey({ id, request, incident }) }, rollbackBody(text));
  const { repositoryId } = found;
  const pull = await proposeRollback(repository, { branch, head, title, body, open, repositoryId });
  return { pull, branch, title, head, message, isSame };
}

/**
 * Merges at exactly what was proposed, as the settings want it; null where they leave it to a person. The trailers go with
 * it: by them the finder knows a rollback.
 */
async function landRollback(
  repository: Repository,
  { pull, branch, title, head, message }: Work,
  mode: Configuration["pull_requests"]["rollback"],
): Promise<MergeResult | null> {
  if (mode === "review") return null;
  const [, ...trailers] = message.split("\n\n");
  const commit = { head, title: `${title} (#${pull.number})`, message: trailers.join("\n\n") };
  const merged = await (mode === "merge" ? mergePullRequest : landWhenGreen)(repository, pull, commit);
  // The next rollback of this batch copes with a branch that is still there.
  if (merged.kind === "merged") await deleteBranch(repository, branch).catch(() => {});
  return merged;
}

function answered(outcome: Answer["outcome"], text: string): Extract<Proposed, { kind: "answered" }> {
  return { kind: "answered", answer: { outcome, text } };
}

interface State {
  readonly merged: MergeResult | null;
  readonly open: RollbackPull | null;
  readonly isSame: boolean;
  readonly over: number | null;
}

function stateText(pull: PullRequest, { merged, open, isSame, over }: State): string {
  const link = numberLink(pull);
  if (merged?.kind === "merged") return `**Rolled back**: ${link} is merged.`;
  const how = open === null ? "is open" : isSame ? "was open already and is up to date" : "was brought up to date";
  const waits =
    merged?.kind === "blocked"
      ? `It waits for ${quote(merged.waitsFor)}.`
      : over === null
        ? "It is for a person to merge."
        : `It changes more than ${over} recipes: **a second operator must look at it** before it is merged, and approves it with \`/batch approve ${pull.number}\` or an approving review within 24 hours.`;
  return `**Not rolled back yet**: ${link} ${how}. ${waits}`;
}

/** Whether a pull request was opened for this very comment: then it had its effect, whatever anybody wanted since. */
function isAnswerTo({ body }: RollbackPull, { comment }: Request): boolean {
  return rollbackComment(readMarker(body, "rollback")) === comment.id;
}

function endedBefore(pull: RollbackPull): string {
  return `**Done before**: ${numberLink(pull)} was opened when this comment was first delivered, and is ${pull.state}. Post a new comment to ask again.`;
}

function handsOff(open: RollbackPull): string {
  return `**Nothing was changed**: the last commit of ${numberLink(open)} is not mine, and bringing it up to date would discard it. Merge it or close it, then repeat the command.`;
}

function nothingToDo(plan: RollbackPlan, open: RollbackPull | null, notes: readonly string[]): string {
  const stale = open === null ? [] : [`${numberLink(open)} is still open and has nothing left to do: close it.`];
  return ["**Nothing is left to take back.**", planSummary(plan), ...stale, ...notes, planTables(plan)]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** What could not be asked for is said, and keeps nobody from merging. */
async function announced(work: Promise<void>): Promise<readonly string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    return [
      `The label or the request for a review could not be set (${quote(messageOf(error), 160)}): ask for a review by hand.`,
    ];
  }
}
