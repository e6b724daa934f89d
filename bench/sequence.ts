/** Something that took time: milliseconds of one clock. */
export interface Span {
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * The longest chain in which every span starts after the one before it ended. Calls that depend on each other are such a
 * chain; so may be some that only happened one after the other, so this is never less than the number of calls that had to
 * wait for each other. Always taking what ends first gives the longest chain (interval scheduling).
 */
export function longestSequence<T extends Span>(spans: readonly T[]): readonly T[] {
  const chain: T[] = [];
  for (const span of spans.toSorted((one, other) => one.endedAt - other.endedAt)) {
    const last = chain.at(-1);
    if (last === undefined || span.startedAt >= last.endedAt) chain.push(span);
  }
  return chain;
}
