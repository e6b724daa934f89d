/** Something that a person wrote. */
interface Written {
  readonly author: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

const MOST_OF_ONE = 10;

/**
 * What people wrote, in the order of writing, as far as it is handled before the next look at what has come: of each person
 * only a few. Otherwise a stranger who types a hundred commands would keep an operator's stop waiting for a hundred
 * refusals. What is left out stays and comes next.
 */
export function fairOrder<Item>(items: readonly Item[], written: (item: Item) => Written): readonly Item[] {
  const taken = new Map<number, number>();
  const inOrder = items.toSorted((a, b) => compare(written(a).at, written(b).at));
  return inOrder.filter((item) => {
    const { author } = written(item);
    const count = (taken.get(author) ?? 0) + 1;
    taken.set(author, count);
    return count <= MOST_OF_ONE;
  });
}

/** ISO 8601 texts of one zone are in the order of their characters. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
