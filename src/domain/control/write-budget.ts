import { getNodeValue, type Node } from "jsonc-parser";
import type { Budget, BudgetReading } from "../budget/budget.ts";
import type { EcosystemMinutes } from "../budget/ecosystem-minutes.ts";
import { printOwnBudget, printUsage } from "./budget-record.ts";
import { editObject, type Json, type Printed, printMembers } from "./json-edit.ts";
import { membersOf, repeatedKey } from "./json-syntax.ts";

/** The budget to write, or null when there is nothing to: it says what it said, or it could not be read and stays. */
export function changedBudget(before: BudgetReading, next: BudgetReading): Budget | null {
  if (next.kind === "unreadable") return null;
  return before.kind === "readable" && print(before.budget) === print(next.budget) ? null : next.budget;
}

/** The text of `budget`: what it says already keeps its spelling. */
export function editUsage(text: string, node: Node | undefined, budget: Budget): string {
  const record = printUsage(budget);
  // An edit would reach only the first of two that say the same.
  const object = node !== undefined && repeatedKey(node) !== null ? undefined : node;
  return editObject(text, object, changesTo(object, record, 2), { depth: 1, order: Object.keys(record) });
}

/** The text of `batchkeeper.budget`. */
export function editOwnBudget(text: string, node: Node | undefined, budget: Budget): string {
  const ecosystems = editEcosystems(text, membersOf(node).get("ecosystems"), budget.ecosystems);
  const record = printOwnBudget(budget);
  const changes: Printed = [["ecosystems", ecosystems], ...changesTo(node, record, 3)];
  return editObject(text, node, changes, { depth: 2, order: ["ecosystems", ...Object.keys(record)] });
}

/** By name, so that the order in which they came makes no difference. */
function editEcosystems(text: string, node: Node | undefined, ecosystems: EcosystemMinutes): string {
  const known = membersOf(node);
  const gone = [...known.keys()].filter((name) => !ecosystems.has(name));
  const changes: Printed = [
    ...gone.map((name): Printed[number] => [name, null]),
    ...Array.from(ecosystems, ([name, minutes]): Printed[number] => {
      const entry = known.get(name);
      const members = changesTo(entry, { macos: minutes.macos, linux: minutes.linux }, 5);
      return [name, editObject(text, entry, members, { depth: 4, order: ["macos", "linux"] })];
    }),
  ];
  return editObject(text, node, changes, { depth: 3, order: [...ecosystems.keys()].sort() });
}

/** The members of a record that an object does not say. */
function changesTo(node: Node | undefined, record: Readonly<Record<string, Json>>, depth: number): Printed {
  const members = membersOf(node);
  const isSaid = (key: string, value: Json) => {
    const member = members.get(key);
    return member !== undefined && JSON.stringify(getNodeValue(member)) === JSON.stringify(value);
  };
  return printMembers(Object.fromEntries(Object.entries(record).filter(([key, value]) => !isSaid(key, value))), depth);
}

function print(budget: Budget): string {
  const ecosystems = [...budget.ecosystems].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([printUsage(budget), printOwnBudget(budget), ecosystems]);
}
