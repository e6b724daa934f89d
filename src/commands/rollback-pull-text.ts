import type { BatchId } from "../domain/batches/batch-id.ts";
import type { RollbackPlan } from "../domain/batches/rollback-plan.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import type { Request } from "./context.ts";
import { planSummary, planTables } from "./plan-text.ts";

/** What the body of a rollback's pull request tells. */
export interface RollbackText {
  readonly kind: "rollback" | "undo";
  readonly id: BatchId;
  readonly plan: RollbackPlan;
  /** Links to what brought it. */
  readonly sources: readonly string[];
  readonly reason: string;
  /** Number of the issue that the reason links. */
  readonly incident: number | null;
  readonly request: Request;
  readonly base: string;
  readonly digest: string;
  /** Whether a second operator must approve; the bound then. */
  readonly over: number | null;
  readonly notes: readonly string[];
}

/** `Rollback batch 2026-02-18`: the title that the runbook gives it. */
export function rollbackTitle(kind: RollbackText["kind"], id: BatchId): string {
  return kind === "rollback" ? `Rollback batch ${id.text}` : `Undo the rollback of batch ${id.text}`;
}

/** The body of the pull request: what an operator needs to decide, in the order in which it is asked for. */
export function rollbackBody(text: RollbackText): string {
  const { kind, id, plan, sources, base, digest, over, notes } = text;
  const undo =
    kind === "rollback"
      ? `Until it is merged, closing this pull request undoes everything. After that, \`/batch rollback ${id.text} --undo\` opens the reverse.`
      : `\`/batch rollback ${id.text}\` takes the batch back again.`;
  // The tables come last: GitHub takes no more than 65,536 characters, and what is cut must not be the way back.
  return [
    planSummary(plan),
    askedText(text),
    ...(over === null
      ? []
      : [`**A second operator must look at this before it is merged**: it changes more than ${over} recipes.`]),
    `**To undo:** ${undo}`,
    `${sourceText(kind, sources)} One commit on top of \`${base.slice(0, 12)}\`; every other file is as it was there, failure records and the queue included. Plan \`${digest}\`.`,
    ...notes,
    planTables(plan),
  ].join("\n\n");
}

function askedText({ request, reason, incident }: RollbackText): string {
  const { operator, comment, issue } = request;
  const why = reason === "" ? "" : ` Reason: ${quote(reason)}.`;
  const about = incident === null ? "" : ` Incident: #${incident}.`;
  return `Asked for by ${quote(operator.login, 40)} in [a comment](${comment.url}) on ${numberLink(issue)}.${why}${about}`;
}

function sourceText(kind: RollbackText["kind"], sources: readonly string[]): string {
  return kind === "rollback" ? `Takes back ${sources.join(", ")}.` : `Undoes ${sources.join(", ")}.`;
}

/** What the pull request carries for its own end: where it was asked for, and the incident behind it. */
export function rollbackKey({
  id,
  request,
  incident,
}: {
  id: BatchId;
  request: Request;
  incident: number | null;
}): string {
  return [id.text, request.issue.number, request.comment.id, incident ?? 0].join(":");
}

/** The comment that a pull request was opened for, from the key that it carries; null when that tells none. */
export function rollbackComment(key: string | null): number | null {
  const comment = Number(key?.split(":")[2]);
  return Number.isSafeInteger(comment) ? comment : null;
}

/** The issue of this repository that a reason links first: the incident behind a rollback. */
export function linkedIssue(reason: string, repositoryUrl: string): number | null {
  const link = /https?:\/\/[^\s<>"'`()[\]]+/.exec(reason)?.[0] ?? "";
  const path = link.startsWith(`${repositoryUrl}/`) ? link.slice(repositoryUrl.length) : "";
  const number = /^\/(?:issues|pull)\/([1-9]\d{0,8})(?:[/#?]|$)/.exec(path)?.[1];
  return number === undefined ? null : Number(number);
}
