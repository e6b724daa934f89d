import { createHash } from "node:crypto";

/** What a seed says: names from outside in, and numbers that count. */
type Name = readonly (string | number)[];

/**
 * A number from 0 to 1 that belongs to a seed and a name. What happens first to whom depends on processes that race; a
 * number that is drawn by name does not, so that the third delivery of a repository meets the same fate in every run.
 */
export function chance(seed: number, ...name: Name): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...name]))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** One of several, each as likely as its weight says. */
export function choose<T>(options: readonly { readonly weight: number; readonly value: T }[], at: number): T {
  const total = options.reduce((sum, { weight }) => sum + weight, 0);
  let left = at * total;
  for (const { weight, value } of options) {
    left -= weight;
    if (left < 0) return value;
  }
  throw new RangeError("there is nothing to choose from");
}

/** The same items in an order that the seed decides. */
export function shuffled<T>(items: readonly T[], seed: number, ...name: Name): readonly T[] {
  return items
    .map((item, index) => ({ item, rank: chance(seed, ...name, index) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}
