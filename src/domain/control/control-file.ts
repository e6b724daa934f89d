import type { Node } from "jsonc-parser";
import type { z } from "zod";
import type { Breaker } from "../breaker/breaker.ts";
import { type BudgetReading, UNUSED } from "../budget/budget.ts";
import { NOTHING_ENFORCED } from "../gate/enforced.ts";
import { type BreakerEntry, type BreakerExtension, breakerFrom, NO_EXTENSION } from "./breaker-record.ts";
import { printUsage, readBudget } from "./budget-record.ts";
import type { Control } from "./control.ts";
import { controlFileSchema } from "./control-file-schema.ts";
import { printJson } from "./json-edit.ts";
import {
  closestNode,
  membersOf,
  type Problem,
  parseJson,
  problemAt,
  repeatedKey,
  repeatedKeyWithin,
} from "./json-syntax.ts";
import { printSwitches, type Switches, switchesOf } from "./switches.ts";

/** One version of `batch-control.json` and what it says. */
export interface ControlFile {
  readonly text: string;
  /** The syntax of `text`, by which it is edited. */
  readonly root: Node;
  readonly control: Control;
  readonly switches: Switches;
  /** Whether the file has the key `batchkeeper`. Without it the holds and the history of the breakers are missing. */
  readonly hasOwnState: boolean;
}

export type ControlReading =
  | { readonly kind: "readable"; readonly file: ControlFile }
  | { readonly kind: "unreadable"; readonly problem: Problem };

/**
 * Reads a control file. Whatever the text, this returns: a file that is not plain JSON, that says a key of ours twice or
 * gives it a value of the wrong type is unreadable, and an unreadable file must neither be overwritten nor be taken for
 * a permission to run.
 */
export function readControlFile(text: string): ControlReading {
  const syntax = parseJson(text);
  if (syntax.kind === "malformed") return { kind: "unreadable", problem: syntax.problem };
  const { root } = syntax;

  const repeated = repeatedManagedKey(root);
  if (repeated !== null) return unreadable(text, repeated, `key said twice: ${repeated.value}`);

  const shape = controlFileSchema.safeParse(JSON.parse(text));
  if (shape.success) return { kind: "readable", file: { text, root, ...interpret(shape.data, root) } };
  const [issue] = shape.error.issues;
  const path = issue?.path ?? [];
  const where = path.length === 0 ? "" : `${path.join(".")}: `;
  return unreadable(text, closestNode(root, path), `${where}${issue?.message}`);
}

/**
 * A text that is known to be readable: put together here, or read before.
 * @throws {Error} when it is not, which is a fault of the program and not of the input.
 */
export function readSoundFile(text: string): ControlFile {
  const reading = readControlFile(text);
  if (reading.kind === "readable") return reading.file;
  throw new Error(`a control file that should be sound is unreadable: ${reading.problem.message}`);
}

/** The file that upstream began with: everything runs, nothing has happened. */
export function newControlFile(): ControlFile {
  const content = {
    ...printSwitches(switchesOf([])),
    circuit_breaker: {},
    budget: printUsage(UNUSED),
  };
  return readSoundFile(`${printJson(content, 0)}\n`);
}

function interpret(
  shape: z.infer<typeof controlFileSchema>,
  root: Node,
): Pick<ControlFile, "control" | "switches" | "hasOwnState"> {
  const own = shape.batchkeeper;
  const holds = own?.holds ?? [];
  // A switch that is not there says what the holds say: only a switch that somebody turned lifts a hold.
  const { enabled, disabledEcosystems } = switchesOf(holds);
  return {
    control: {
      holds,
      breakers: interpretBreakers(shape.circuit_breaker ?? new Map(), own?.breakers ?? new Map()),
      budget: interpretBudget(shape, root),
      weeks: own?.slo ?? [],
      enforced: own?.enforced ?? NOTHING_ENFORCED,
      seen: own?.seen ?? { since: null, runs: [] },
    },
    switches: {
      enabled: shape.enabled ?? enabled,
      disabledEcosystems:
        shape.disabled_ecosystems === undefined ? disabledEcosystems : (shape.disabled_ecosystems ?? []),
      reason: shape.reason,
      incidentUrl: shape.incident_url,
      disabledBy: shape.disabled_by,
      disabledAt: shape.disabled_at,
      expectedResume: shape.expected_resume,
    },
    hasOwnState: own !== undefined && own !== null,
  };
}

/**
 * A breaker exists where upstream's entry does: people reset a breaker by deleting that entry, and what is left of it in
 * our part must not bring it back.
 */
function interpretBreakers(
  entries: ReadonlyMap<string, BreakerEntry | null>,
  extensions: ReadonlyMap<string, BreakerExtension>,
): ReadonlyMap<string, Breaker> {
  const breakers = new Map<string, Breaker>();
  for (const [name, entry] of entries) breakers.set(name, breakerFrom(entry, extensions.get(name) ?? NO_EXTENSION));
  return breakers;
}

function interpretBudget({ budget, batchkeeper }: z.infer<typeof controlFileSchema>, root: Node): BudgetReading {
  const node = membersOf(root).get("budget");
  const repeated = node === undefined ? null : repeatedKey(node);
  if (repeated !== null) return { kind: "unreadable", problem: `budget: key said twice: ${repeated.value}` };
  return readBudget(budget, batchkeeper?.budget);
}

/** A key said twice among those that we read and write; in the parts of others it is their business. */
function repeatedManagedKey(root: Node): Node | null {
  const members = membersOf(root);
  let repeated = repeatedKey(root);
  for (const key of ["circuit_breaker", "batchkeeper"]) {
    const part = members.get(key);
    if (part !== undefined) repeated ??= repeatedKeyWithin(part);
  }
  return repeated;
}

function unreadable(text: string, node: Node, message: string): ControlReading {
  return { kind: "unreadable", problem: problemAt(text, node.offset, message) };
}
