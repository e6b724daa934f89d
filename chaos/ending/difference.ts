/** Where two values differ first, in the order of their keys. */
export interface Difference {
  /** Keys from the outside in. */
  readonly path: readonly string[];
  readonly expected: unknown;
  readonly found: unknown;
}

/** The first difference of two values that came from JSON; null when there is none. */
export function firstDifference(expected: unknown, found: unknown, path: readonly string[] = []): Difference | null {
  if (Object.is(expected, found)) return null;
  if (!isNode(expected) || !isNode(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return { path, expected, found };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const inside = firstDifference(expected[key], found[key], [...path, key]);
    if (inside !== null) return inside;
  }
  return null;
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

export function printDifference({ path, expected, found }: Difference): string {
  return `${path.join(" → ")}\n  undisturbed: ${print(expected)}\n  disturbed:   ${print(found)}`;
}

function print(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
