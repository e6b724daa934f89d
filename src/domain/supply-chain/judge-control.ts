import type { Breaker } from "../breaker/breaker.ts";
import type { Control } from "../control/control.ts";
import { type ControlFile, readControlFile } from "../control/control-file.ts";
import { handEdits } from "../control/hand-edit.ts";
import type { Aliases } from "../ecosystem.ts";
import { quote } from "../quote.ts";
import type { FileChange, FileVersion } from "./judge-recipe.ts";
import type { Finding } from "./rule.ts";

/** What is known of whoever changed the control file without a merged pull request. */
export interface ControlChanger {
  /** A program by GitHub's word, not a person. */
  readonly isBot: boolean;
  /** Whether a batch run was under way about then: the pipeline keeps its breakers and its minutes itself. */
  readonly hadRun: boolean;
  readonly aliases: Aliases;
}

/**
 * What is to be said of the control file that somebody else changed. The pipeline's own bookkeeping is nothing: breakers and
 * budget, by a program, while a batch runs. A file that cannot be read has an incident of its own and is `unchecked` here.
 */
export function judgeControl(change: FileChange, { isBot, hadRun, aliases }: ControlChanger): readonly Finding[] {
  const { path } = change;
  const [before, after] = [readVersion(change.before), readVersion(change.after)];
  if (after === null || before === null) {
    const what = change.after.kind === "missing" ? "the file was deleted" : "what it says, or said, cannot be read";
    return [{ rule: "unchecked", subject: path, detail: what }];
  }
  const removed = removedHolds(before, after, aliases).map(
    ({ id, scope, kind, by }): Finding => ({
      rule: "hold-removed",
      subject: path,
      detail: `\`${id}\`, the ${kind} hold on ${scope === "*" ? "everything" : quote(scope, 70)} by ${quote(by, 40)}`,
    }),
  );
  const moved = movedBreakers(before.control, after.control);
  const breakers = hadRun ? [] : moved.map((detail): Finding => ({ rule: "breaker-moved", subject: path, detail }));
  if (removed.length + breakers.length > 0) return [...removed, ...breakers];
  const isBookkeeping = isBot && hadRun && switchesOf(before) === switchesOf(after);
  return isBookkeeping
    ? []
    : [{ rule: "control-file-changed", subject: path, detail: describeChange(before, after, moved) }];
}

/** Whether breakers differ between two versions: only then it matters whether a batch ran. */
export function movesBreakers(change: FileChange): boolean {
  const [before, after] = [readVersion(change.before), readVersion(change.after)];
  return before !== null && after !== null && movedBreakers(before.control, after.control).length > 0;
}

/** A file that is not there yet says that everything runs. */
function readVersion(version: FileVersion): ControlFile | null {
  if (version.kind === "unread") return null;
  const reading = readControlFile(version.kind === "missing" ? "{}" : version.text);
  return reading.kind === "readable" ? reading.file : null;
}

/** Taken out of the list, or lifted by a switch; a dropped key `batchkeeper` is put back and lifts nothing. */
function removedHolds(before: ControlFile, after: ControlFile, aliases: Aliases): Control["holds"] {
  const left = after.hasOwnState ? after.control.holds : before.control.holds;
  const gone = before.control.holds.filter(
    ({ id, scope }) => !left.some((hold) => hold.id === id && hold.scope === scope),
  );
  const control = { ...after.control, holds: left };
  const lifted = handEdits({ ...after, control }, aliases).flatMap((edit) =>
    edit.kind === "stopped" ? [] : [edit.hold],
  );
  return [...gone, ...lifted];
}

function movedBreakers(before: Control, after: Control): readonly string[] {
  const names = new Set([...before.breakers.keys(), ...after.breakers.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [before.breakers.get(name), after.breakers.get(name)].map(describe);
    return was === is ? [] : [`${quote(name, 70)}: ${was} → ${is}`];
  });
}

function describe(breaker: Breaker | undefined): string {
  return breaker === undefined ? "none" : `${breaker.state}, ${breaker.failures} failures`;
}

function switchesOf({ switches: { enabled, disabledEcosystems } }: ControlFile): string {
  return JSON.stringify([enabled, disabledEcosystems.toSorted()]);
}

function describeChange(before: ControlFile, after: ControlFile, moved: readonly string[]): string {
  const switches =
    switchesOf(before) === switchesOf(after)
      ? []
      : [
          `\`enabled\` and \`disabled_ecosystems\`: ${quote(switchesOf(before), 150)} → ${quote(switchesOf(after), 150)}`,
        ];
  const told = [...switches, ...moved];
  return told.length === 0 ? "neither switches nor breakers: other keys" : told.join("; ");
}
