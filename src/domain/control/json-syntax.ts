import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { oneLine } from "../quote.ts";

/** Why a text cannot be read, and where. The message may repeat words of the text: `quote` it before showing it. */
export interface Problem {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number;
}

type Syntax =
  | { readonly kind: "parsed"; readonly root: Node }
  | { readonly kind: "malformed"; readonly problem: Problem };

/**
 * jq 1.5 and 1.6, which the upstream scripts run, refuse JSON that is nested deeper than this. The parser is recursive:
 * without a bound, a hostile file would exhaust the stack.
 */
const DEEPEST = 256;

/** The syntax tree of a JSON text: RFC 8259 to the letter, so no comment, no trailing comma and no byte order mark. */
export function parseJson(text: string): Syntax {
  const tooDeep = offsetBeyondDepth(text, DEEPEST);
  if (tooDeep !== null) return malformed(text, tooDeep, `nested deeper than ${DEEPEST} levels`);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (error !== undefined) return malformed(text, error.offset, describe(text, error));
  if (root === undefined) return malformed(text, 0, "value expected");
  return { kind: "parsed", root };
}

/** A problem at an offset of a text. */
export function problemAt(text: string, offset: number, message: string): Problem {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { message, line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

/** The values of an object by key; empty for everything else, so that what is absent or null has no members. */
export function membersOf(node: Node | undefined): ReadonlyMap<string, Node> {
  const members = new Map<string, Node>();
  if (node?.type !== "object") return members;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) members.set(String(key.value), value);
  }
  return members;
}

/** The key that an object says for the second time; null when there is none. */
export function repeatedKey(object: Node): Node | null {
  const keys = new Set<string>();
  for (const property of object.children ?? []) {
    const key = property.type === "property" ? property.children?.[0] : undefined;
    if (key === undefined) continue;
    if (keys.has(key.value)) return key;
    keys.add(key.value);
  }
  return null;
}

/** As `repeatedKey`, for a value and everything in it. */
export function repeatedKeyWithin(node: Node): Node | null {
  let repeated = repeatedKey(node);
  for (const child of node.children ?? []) repeated ??= repeatedKeyWithin(child);
  return repeated;
}

/** The node at a path or, where the path leads to nothing, the last one on the way. */
export function closestNode(root: Node, path: readonly PropertyKey[]): Node {
  let closest = root;
  for (const segment of path) {
    const next = typeof segment === "symbol" ? undefined : findNodeAtLocation(closest, [segment]);
    if (next === undefined) break;
    closest = next;
  }
  return closest;
}

function malformed(text: string, offset: number, message: string): Syntax {
  return { kind: "malformed", problem: problemAt(text, offset, message) };
}

/** `PropertyNameExpected` at a brace becomes `property name expected: "}"`. */
function describe(text: string, error: ParseError): string {
  const words = printParseErrorCode(error.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
  const place = text.slice(error.offset, error.offset + error.length);
  return place === "" ? words : `${words}: ${oneLine(`"${place}"`, 40)}`;
}

function offsetBeyondDepth(text: string, deepest: number): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const token = text[scanner.getTokenOffset()];
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (depth > deepest) return scanner.getTokenOffset();
  }
  return null;
}
