import type { Node } from "jsonc-parser";
import type { Breaker } from "../breaker/breaker.ts";
import type { Budget } from "../budget/budget.ts";
import type { Hold } from "../holds/hold.ts";
import { printBreakerEntry, printBreakerExtension } from "./breaker-record.ts";
import type { Control } from "./control.ts";
import { type ControlFile, readSoundFile } from "./control-file.ts";
import { printEnforced } from "./enforced-record.ts";
import { printHold } from "./hold-record.ts";
import { editObject, type Printed, printArray, printJson, printMembers } from "./json-edit.ts";
import { membersOf } from "./json-syntax.ts";
import { printSeen } from "./seen.ts";
import { printSuccess } from "./success-record.ts";
import { illFormedStops, printSwitches, switchesOf } from "./switches.ts";
import { changedBudget, editOwnBudget, editUsage } from "./write-budget.ts";

const UPSTREAM_ORDER = [...Object.keys(printSwitches(switchesOf([]))), "circuit_breaker", "budget"];
const OWN_ORDER = ["version", "holds", "breakers", "budget", "slo", "enforced", "seen"];
const ENTRY_ORDER = ["state", "failures", "last_failure", "opens_at"];

/**
 * The text of the file once `next` is decided: the same text when that changes nothing, else the least edit of it. What
 * changes is measured against what the text says, so a `file` whose `control` is ahead of its text loses nothing: a hold
 * that was adopted from a switch, and is lifted before it was ever written, turns that switch.
 *
 * The switches are written when the holds change, so that a stop which somebody made by hand survives an unrelated decision,
 * and when they do not show a security hold that stands. Adopt hand edits (`handEdits`) before deciding on holds: the switches will say what the holds say.
 */
export function writeControlFile({ text, control: settled }: ControlFile, next: Control): string {
  const file = readSoundFile(text);
  const holdsChange = !sameHolds(file.control.holds, next.holds) || !sameHolds(settled.holds, next.holds);
  const breakers = changedBreakers(file.control.breakers, next.breakers);
  const budget = changedBudget(file.control.budget, next.budget);
  const changes = [
    ...(holdsChange || hidesSecurity(file, next) ? switchChanges(file, next) : []),
    ...circuitBreakerChanges(file, breakers),
    ...usageChanges(file, budget),
    ...ownStateChanges(file, next, { holdsChange, breakers, budget }),
  ];
  if (changes.length === 0) return text;
  const { offset, length } = file.root;
  const edited = editObject(text, file.root, changes, { depth: 0, order: UPSTREAM_ORDER });
  const rest = text.slice(offset + length);
  return text.slice(0, offset) + edited + (rest.endsWith("\n") ? rest : `${rest}\n`);
}

function hidesSecurity({ switches }: ControlFile, { holds }: Control): boolean {
  const shown = new Set([...(switches.enabled ? [] : ["*"]), ...switches.disabledEcosystems]);
  return holds.some(({ kind, scope }) => kind === "security" && !shown.has(scope));
}

function switchChanges(file: ControlFile, next: Control): Printed {
  const switches = switchesOf(next.holds);
  const disabledEcosystems = [...switches.disabledEcosystems, ...new Set(illFormedStops(file.switches))];
  return printMembers(printSwitches({ ...switches, disabledEcosystems }), 1);
}

function circuitBreakerChanges({ text, root }: ControlFile, changed: ReadonlyMap<string, Breaker | null>): Printed {
  if (changed.size === 0) return [];
  const circuitBreaker = membersOf(root).get("circuit_breaker");
  const entries = membersOf(circuitBreaker);
  const changes = Array.from(changed, ([name, breaker]): Printed[number] => {
    const entry = entries.get(name);
    if (breaker === null) return [name, null];
    const members = printMembers(printBreakerEntry(breaker, membersOf(entry)), 3);
    return [name, editObject(text, entry, members, { depth: 2, order: ENTRY_ORDER })];
  });
  return [
    ["circuit_breaker", editObject(text, circuitBreaker, changes, { depth: 1, order: alphabet(entries, changed) })],
  ];
}

function usageChanges({ text, root }: ControlFile, budget: Budget | null): Printed {
  return budget === null ? [] : [["budget", editUsage(text, membersOf(root).get("budget"), budget)]];
}

/** What a decision changes: of the breakers those that change, null for one that goes; a budget only if it changes. */
interface Changed {
  readonly holdsChange: boolean;
  readonly breakers: ReadonlyMap<string, Breaker | null>;
  readonly budget: Budget | null;
}

/** Our key: what changed in it and, when anything in the file changes, what it should have and has not. */
function ownStateChanges(
  { control, text, root }: ControlFile,
  next: Control,
  { holdsChange, breakers: changed, budget }: Changed,
): Printed {
  const seenChanges = JSON.stringify(printSeen(control.seen)) !== JSON.stringify(printSeen(next.seen));
  const weeksChange = JSON.stringify(printSuccess(control.weeks)) !== JSON.stringify(printSuccess(next.weeks));
  const enforced = printedEnforced(next);
  const enforcedChanges = printedEnforced(control) !== enforced;
  const otherChanges = seenChanges || weeksChange || enforcedChanges;
  if (!holdsChange && !otherChanges && changed.size === 0 && budget === null) return [];

  const own = membersOf(root).get("batchkeeper");
  const members = membersOf(own);
  const changes: Printed = [];
  if (!members.has("version")) changes.push(["version", "1"]);
  if (holdsChange || !members.has("holds"))
    changes.push(["holds", editHolds(text, members.get("holds"), control, next)]);
  if (changed.size > 0 || !members.has("breakers")) {
    changes.push(["breakers", editExtensions(text, members.get("breakers"), changed)]);
  }
  if (budget !== null) changes.push(["budget", editOwnBudget(text, members.get("budget"), budget)]);
  if (weeksChange) changes.push(["slo", printJson(printSuccess(next.weeks), 2)]);
  if (enforcedChanges) changes.push(["enforced", enforced]);
  if (seenChanges || !members.has("seen")) {
    const seen = printMembers(printSeen(next.seen), 3);
    changes.push(["seen", editObject(text, members.get("seen"), seen, { depth: 2, order: ["since", "runs"] })]);
  }
  return [["batchkeeper", editObject(text, own, changes, { depth: 1, order: OWN_ORDER })]];
}

function printedEnforced({ enforced }: Control): string | null {
  const printed = printEnforced(enforced);
  return printed === null ? null : printJson(printed, 2);
}

/** Each hold keeps the text it has in the file, with the keys that a later version may have added; a changed one is edited. */
function editHolds(text: string, array: Node | undefined, before: Control, next: Control): string {
  const items = next.holds.map((hold) => {
    const index = before.holds.findIndex((other) => other.id === hold.id && other.scope === hold.scope);
    const known = before.holds[index];
    const node = array?.children?.[index];
    const isUnchanged = known !== undefined && sameHolds([known], [hold]);
    return editObject(text, node, isUnchanged ? [] : printMembers(printHold(hold), 4), { depth: 3, order: [] });
  });
  return printArray(items, 2);
}

function editExtensions(text: string, object: Node | undefined, changed: ReadonlyMap<string, Breaker | null>): string {
  const extensions = membersOf(object);
  const changes = Array.from(changed, ([name, breaker]): Printed[number] => {
    if (breaker === null) return [name, null];
    const members = printMembers(printBreakerExtension(breaker), 4);
    return [name, editObject(text, extensions.get(name), members, { depth: 3, order: [] })];
  });
  return editObject(text, object, changes, { depth: 2, order: alphabet(extensions, changed) });
}

/** New ecosystems go to their place in the alphabet: which of them was heard of first must not show in the file. */
function alphabet(...maps: readonly ReadonlyMap<string, unknown>[]): readonly string[] {
  return maps.flatMap((map) => [...map.keys()]).sort();
}

/** The breakers that `after` says otherwise, null for those that it no longer has. */
function changedBreakers(
  before: ReadonlyMap<string, Breaker>,
  after: ReadonlyMap<string, Breaker>,
): ReadonlyMap<string, Breaker | null> {
  const changed = new Map<string, Breaker | null>();
  for (const [name, breaker] of after) if (!sameBreaker(before.get(name), breaker)) changed.set(name, breaker);
  for (const name of before.keys()) if (!after.has(name)) changed.set(name, null);
  return changed;
}

// Values are the same when the file would say the same of them: it has no room for milliseconds.

function sameHolds(a: readonly Hold[], b: readonly Hold[]): boolean {
  return JSON.stringify(a.map(printHold)) === JSON.stringify(b.map(printHold));
}

function sameBreaker(a: Breaker | undefined, b: Breaker): boolean {
  return a !== undefined && printBreaker(a) === printBreaker(b);
}

function printBreaker(breaker: Breaker): string {
  return JSON.stringify([printBreakerEntry(breaker, new Set(ENTRY_ORDER)), printBreakerExtension(breaker)]);
}
