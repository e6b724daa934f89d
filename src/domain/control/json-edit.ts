import type { Node } from "jsonc-parser";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** New members of an object: each value already printed, or null where the member is to go. */
type Changes = Iterable<readonly [key: string, printed: string | null]>;

/** Changes that can be added to. */
export type Printed = [key: string, printed: string | null][];

interface Placement {
  /** How many objects and arrays enclose the members: 0 at the top of a file. */
  readonly depth: number;
  /** Where new members belong among the others. A key that is not named here goes last. */
  readonly order: readonly string[];
}

interface Member {
  readonly key: string;
  /** White space, and for all but the first the comma, before the key. */
  readonly gap: string;
  /** The key as it is spelled, and the colon. */
  readonly head: string;
  readonly value: string;
}

/** A value as `jq` and `JSON.stringify(…, null, 2)` print it, to stand at a depth. */
export function printJson(value: Json, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", lineBreak(depth));
}

/** The members of a record, each to stand at a depth. */
export function printMembers(record: { readonly [key: string]: Json }, depth: number): Printed {
  return Object.entries(record).map(([key, value]) => [key, printJson(value, depth)]);
}

/** An array of values that are printed already. */
export function printArray(items: readonly string[], depth: number): string {
  if (items.length === 0) return "[]";
  return `[${items.map((item) => lineBreak(depth + 1) + item).join(",")}${lineBreak(depth)}]`;
}

/**
 * The text of an object with some of its members changed. Everything else stays as it is spelled: unknown keys, numbers,
 * escapes, order and white space. (`modify` of jsonc-parser formats the lines around an edit anew, leaves `{` and `}` on
 * two lines when the last member goes, and cannot insert one piece of text into another as it is.)
 *
 * @param object the node to change; anything but an object (absent, null) counts as an empty one
 */
export function editObject(source: string, object: Node | undefined, changes: Changes, placement: Placement): string {
  const before = readMembers(source, object);
  const gap = before[0]?.gap ?? lineBreak(placement.depth + 1);
  const members = [...before];
  for (const [key, value] of changes) {
    const index = members.findIndex((member) => member.key === key);
    const known = members[index];
    if (known !== undefined) members.splice(index, 1, ...(value === null ? [] : [{ ...known, value }]));
    else if (value !== null) {
      members.splice(placeOf(key, members, placement.order), 0, { key, gap, head: `${JSON.stringify(key)}: `, value });
    }
  }
  if (members.length === 0) return "{}";
  return `{${members.map(printMember).join("")}${closing(source, object) ?? lineBreak(placement.depth)}}`;
}

function lineBreak(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}

function readMembers(source: string, object: Node | undefined): Member[] {
  if (object?.type !== "object") return [];
  let end = object.offset + 1;
  const members: Member[] = [];
  for (const property of object.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) continue;
    members.push({
      key: String(key.value),
      gap: source.slice(end, key.offset),
      head: source.slice(key.offset, value.offset),
      value: source.slice(value.offset, value.offset + value.length),
    });
    end = value.offset + value.length;
  }
  return members;
}

function printMember({ gap, head, value }: Member, index: number): string {
  const separator = index === 0 ? gap.replace(",", "") : gap.includes(",") ? gap : `,${gap}`;
  return separator + head + value;
}

/** Behind the nearest member that comes before `key` in the order. */
function placeOf(key: string, members: readonly Member[], order: readonly string[]): number {
  const rank = order.indexOf(key);
  if (rank === -1) return members.length;
  const earlier = new Set(order.slice(0, rank));
  return members.findLastIndex((member) => earlier.has(member.key)) + 1;
}

/** The white space between the last member and the closing brace; undefined where there was no member. */
function closing(source: string, object: Node | undefined): string | undefined {
  const last = object?.type === "object" ? object.children?.at(-1) : undefined;
  if (object === undefined || last === undefined) return undefined;
  return source.slice(last.offset + last.length, object.offset + object.length - 1);
}
