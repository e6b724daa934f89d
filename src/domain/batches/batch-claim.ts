import { parseEcosystem } from "../ecosystem.ts";
import { type BatchId, parseBatchId } from "./batch-id.ts";

/** What a pull request, or a commit without one, says about itself. */
export interface Testimony {
  /** Title of the pull request, or the first line of the commit. */
  readonly title: string;
  /** Body of the pull request. */
  readonly body: string;
  /** Head branch; null for a commit that came without a pull request. */
  readonly branch: string | null;
  /** Messages of its commits and of the commit that merged it, whole. */
  readonly messages: readonly string[];
}

/** Which batch something claims to be. */
export type Claim =
  /** The ids stand in a commit, the title or the body. */
  | { readonly kind: "stated"; readonly ids: readonly BatchId[] }
  /** No id survived; the branch bears the day and, it or the title, the ecosystem. */
  | { readonly kind: "dated"; readonly id: BatchId }
  | { readonly kind: "none" };

/** Branches of rollbacks and of their undoing. */
export const ROLLBACK_BRANCH = "rollback-batch-";
export const UNDO_BRANCH = "undo-rollback-batch-";

/** Whether a branch is of a rollback or of the undoing of one. */
export function isReversalBranch(branch: string): boolean {
  return branch.startsWith(ROLLBACK_BRANCH) || branch.startsWith(UNDO_BRANCH);
}

/**
 * Reads what batch something is. A line `batch_id: <id>` states it, in any commit of the pull request or in its body, and
 * so do the words `batch <id>` where a batch introduces itself; only when no id is stated does the branch's date count.
 * A rollback is no batch although it bears the id, and neither is the revert of one.
 *
 * @param branches how branches of batches begin: `batch/`
 */
export function batchClaim(testimony: Testimony, branches: string): Claim {
  const { title, body, branch, messages } = testimony;
  if (isRollback(testimony)) return { kind: "none" };
  const isBatchBranch = branches !== "" && branch?.startsWith(branches) === true;
  const introduces = isBatchBranch || /\badds? batch\b/i.test(title);
  const stated = [
    ...messages.flatMap(idLines),
    ...idLines(body),
    ...(introduces ? [title, ...messages.map(firstLine), ...(isBatchBranch ? [body] : [])].flatMap(idPhrases) : []),
  ];
  const ids = new Map(stated.flatMap((text) => entryOf(parseBatchId(unpunctuated(text)))));
  if (ids.size > 0) return { kind: "stated", ids: [...ids.values()] };
  const dated = isBatchBranch ? datedId(branch.slice(branches.length), title) : null;
  return dated === null ? { kind: "none" } : { kind: "dated", id: dated };
}

/** Whether a claim is to exactly this id: `2026-02-18-homebrew` is no part of `2026-02-18`. */
export function claims(claim: Claim, id: BatchId): boolean {
  return claimedIds(claim).some(({ text }) => text === id.text);
}

/** The ids of a claim. */
export function claimedIds(claim: Claim): readonly BatchId[] {
  switch (claim.kind) {
    case "stated":
      return claim.ids;
    case "dated":
      return [claim.id];
    case "none":
      return [];
  }
}

/** The ecosystems that a batch names: in its ids, in a line `ecosystem: npm`, or in `9 packages (2 crates.io, 7 npm)`. */
export function batchEcosystems({ body, title, branch, messages }: Testimony, claim: Claim): readonly string[] {
  const lines = [body, ...messages].flatMap((text) => [
    ...text.matchAll(/^ecosystem:[ \t]*(\S+)[ \t\r]*$/gim),
    ...[...text.matchAll(/\bpackages \(([^()\n]{1,300})\)/g)].flatMap((list) => [
      ...(list[1] ?? "").matchAll(/\d+ ([a-z0-9._-]+)/g),
    ]),
  ]);
  const dated = branch === null ? null : datedId(branch.slice(branch.indexOf("/") + 1), title);
  const names = [
    ...[...claimedIds(claim), dated].map((id) => id?.ecosystem ?? ""),
    ...lines.map((match) => match[1] ?? ""),
  ];
  return [...new Set(names.flatMap((name) => parseEcosystem(name, new Map()) ?? []))].sort();
}

// `rollback_reason:` is what the script that this replaces writes; GitHub and git call a revert so.
const ROLLBACK_LINE = /^(?:Batchkeeper-(?:Rollback|Undo):|rollback_reason:|Revert "|Reapply ")/m;

function isRollback({ title, branch, messages }: Testimony): boolean {
  if (branch !== null && (isReversalBranch(branch) || branch.startsWith("revert-"))) return true;
  return [title, ...messages].some((text) => ROLLBACK_LINE.test(text));
}

/** The pipeline puts the id on a line of its own; the runbook's commits put it at the end of their first line. */
function idLines(text: string): readonly string[] {
  const inFirstLine = /\bbatch_id:[ \t]*(\S+)/.exec(firstLine(text))?.[1];
  const lines = [...text.matchAll(/^[ \t]*batch_id:[ \t]*(\S+)[ \t\r]*$/gim)].map((match) => match[1] ?? "");
  return inFirstLine === undefined ? lines : [inFirstLine, ...lines];
}

function idPhrases(text: string): readonly string[] {
  return [...text.matchAll(/\bbatch[ \t]+(\S+)/gi)].map((match) => match[1] ?? "");
}

function unpunctuated(text: string): string {
  return text.replace(/^[`"'(]/, "").replace(/[`"'),.;:]{1,3}$/, "");
}

function entryOf(id: BatchId | null): readonly (readonly [string, BatchId])[] {
  return id === null ? [] : [[id.text, id]];
}

/** `20260218-101500`, `homebrew-20260131-101500`; the ecosystem may also be that of `add batch homebrew recipes`. */
function datedId(branch: string, title: string): BatchId | null {
  const match = /^(?:(?<name>.+)-)?(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:-\d{6})?$/.exec(branch)?.groups;
  if (match === undefined) return null;
  const titled = /\bbatch (?!\d{4}-)([a-z0-9][a-z0-9._-]{0,63}) recipes\b/.exec(title)?.[1];
  const ecosystem = parseEcosystem(match.name ?? titled ?? "", new Map());
  const date = `${match.year}-${match.month}-${match.day}`;
  return parseBatchId(ecosystem === null ? date : `${date}-${ecosystem}`);
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
