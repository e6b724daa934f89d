import type { Control } from "../domain/control/control.ts";
import { type ControlFile, newControlFile, readControlFile } from "../domain/control/control-file.ts";
import {
  adoptHandEdits,
  type HandCommit,
  type HandEdit,
  handEdits,
  keepSecurity,
} from "../domain/control/hand-edit.ts";
import { restoreOwnState } from "../domain/control/own-state.ts";
import type { Aliases } from "../domain/ecosystem.ts";
import { parseInstant } from "../domain/instant.ts";
import { isOwnMessage } from "./commit-message.ts";
import { culpritsOf, type Trace } from "./culprit.ts";
import { commitsOf, readFileAt } from "./file-version.ts";
import type { Repository } from "./repository.ts";
import { type ControlCommit, type FileReading, LARGEST_FILE, type Snapshot } from "./snapshot.ts";

/** Why the control file cannot be used. It is never overwritten then; a person has to mend it. */
export interface ControlProblem {
  readonly message: string;
  /** Counted from 1; null when the problem is not inside the text. */
  readonly position: { readonly line: number; readonly column: number } | null;
}

/** What another writer had done to the control file and this app puts right or takes over; by which commit, if it is known. */
export type Settlement = Finding & { readonly commit: ControlCommit | null };

type Finding =
  | { readonly kind: "adopted"; readonly edit: HandEdit }
  | { readonly kind: "state-restored" }
  | { readonly kind: "file-restored" };

/** The control file as decisions see it, or why there is none to decide on. */
export type SettledControl =
  | {
      readonly kind: "ready";
      /** The file to decide on, with hand edits adopted and lost state restored. */
      readonly file: ControlFile;
      /** What is on the default branch: null when there is no file. */
      readonly stored: { readonly text: string; readonly sha: string } | null;
      readonly settlements: readonly Settlement[];
    }
  | { readonly kind: "unusable"; readonly problem: ControlProblem };

/** What settling needs to know beside the snapshot. */
export interface SettleContext {
  readonly repository: Repository;
  readonly path: string;
  readonly aliases: Aliases;
  /** Whether lifting a security hold takes a second operator. */
  readonly isSecurityShared: boolean;
  /** Login of this app's bot user, `batchkeeper[bot]`. */
  readonly botLogin: () => Promise<string>;
}

/**
 * Turns what is on the default branch into the control file to decide on. Other programs and people write it too: a
 * deleted file comes back from history, a dropped `batchkeeper` key from the last version that had it, and a stop made or
 * lifted by hand becomes a hold of that commit's author or the end of one. In the usual case this costs no call.
 */
export async function settleControl(snapshot: Snapshot, context: SettleContext): Promise<SettledControl> {
  const located = await locateFile(snapshot, context);
  if (located.kind === "unusable") return located;
  const reading = readControlFile(located.text);
  if (reading.kind === "unreadable") {
    const { message, line, column } = reading.problem;
    return { kind: "unusable", problem: { message, position: { line, column } } };
  }
  const earlier = reading.file.hasOwnState ? null : await lastOwnState(snapshot, context);
  const file = withOwnState(reading.file, earlier);
  const edits = handEdits(file, context.aliases);
  const findings: Finding[] = [
    ...(located.isRestored ? [{ kind: "file-restored" } as const] : []),
    ...(earlier === null ? [] : [{ kind: "state-restored" } as const]),
    ...(context.isSecurityShared ? keepSecurity(edits) : edits).map((edit) => ({ kind: "adopted", edit }) as const),
  ];
  if (findings.length === 0) return { kind: "ready", file, stored: located.stored, settlements: [] };
  const traces = findings.map((finding) => traceOf(finding, earlier, context.aliases));
  const culprits = await culpritsOf(snapshot, context, traces);
  const settlements = findings.map((finding, index) => ({ ...finding, commit: culprits[index] ?? null }));
  const control = settlements.reduce(adopt, file.control);
  return { kind: "ready", file: { ...file, control }, stored: located.stored, settlements };
}

function withOwnState(file: ControlFile, earlier: ControlFile | null): ControlFile {
  return earlier === null || file.hasOwnState ? file : restoreOwnState(file, earlier);
}

/** By what a version of the file can be told to have had the same done to it. */
function traceOf(finding: Finding, earlier: ControlFile | null, aliases: Aliases): Trace {
  return (text) => {
    if (finding.kind === "file-restored" || text === null) return finding.kind === "file-restored" && text === null;
    const reading = readControlFile(text);
    if (reading.kind === "unreadable") return false;
    if (finding.kind === "state-restored") return !reading.file.hasOwnState;
    return handEdits(withOwnState(reading.file, earlier), aliases).some((edit) => isSameEdit(edit, finding.edit));
  };
}

function isSameEdit(one: HandEdit, other: HandEdit): boolean {
  if (one.kind === "stopped") return other.kind === "stopped" && one.scope === other.scope;
  return other.kind !== "stopped" && one.hold.id === other.hold.id;
}

function adopt(control: Control, settlement: Settlement): Control {
  if (settlement.kind !== "adopted") return control;
  return adoptHandEdits(control, [settlement.edit], handCommit(settlement.commit));
}

type LocatedFile =
  | {
      readonly kind: "located";
      readonly text: string;
      readonly stored: { readonly text: string; readonly sha: string } | null;
      readonly isRestored: boolean;
    }
  | { readonly kind: "unusable"; readonly problem: ControlProblem };

async function locateFile({ control, recent }: Snapshot, context: SettleContext): Promise<LocatedFile> {
  if (control.kind === "text") return { kind: "located", text: control.text, stored: control, isRestored: false };
  if (control.kind !== "missing") return { kind: "unusable", problem: { message: unusable(control), position: null } };
  const text = recent.length === 0 ? null : await textBefore(context);
  if (text === null) {
    return { kind: "located", text: newControlFile().text, stored: null, isRestored: false };
  }
  return { kind: "located", text, stored: null, isRestored: true };
}

async function textBefore({ repository, path }: SettleContext): Promise<string | null> {
  const [deletion] = await commitsOf(repository, path, { count: 1 });
  if (deletion?.parent == null) return null;
  return (await readFileAt(repository, path, deletion.parent))?.text ?? null;
}

function unusable(reading: Exclude<FileReading, { kind: "text" | "missing" }>): string {
  switch (reading.kind) {
    case "not-a-file":
      return "it is a folder or a link, not a file";
    case "too-large":
      return `it has ${reading.bytes} bytes; GitHub shows no more than ${LARGEST_FILE}`;
    case "not-text":
      return "it is not text";
  }
}

async function lastOwnState(
  { recent, versions }: Snapshot,
  { repository, path, botLogin }: SettleContext,
): Promise<ControlFile | null> {
  const own = recent.find(({ message }) => isOwnMessage(message))?.sha;
  // Older than the listed versions: GitHub finds it by author, in one call, once in the life of a repository.
  const isOlder = own === undefined && versions > recent.length;
  const sha = isOlder ? (await commitsOf(repository, path, { author: await botLogin(), count: 1 }))[0]?.sha : own;
  const version = sha === undefined ? null : await readFileAt(repository, path, sha);
  if (version === null) return null;
  const reading = readControlFile(version.text);
  return reading.kind === "readable" && reading.file.hasOwnState ? reading.file : null;
}

/** The runbook's commits give their reason in a line of its own (section 2). */
const REASON_LINE = /^reason:[ \t]*(\S.*)$/im;

function handCommit(commit: ControlCommit | null): HandCommit {
  const reason = REASON_LINE.exec(commit?.message ?? "")?.[1];
  return {
    author: commit?.author ?? "somebody",
    url: commit?.url ?? "",
    at: parseInstant(commit?.date) ?? 0,
    ...(reason === undefined ? {} : { reason }),
  };
}
