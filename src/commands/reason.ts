/** The words of a command line before its reason, and the reason. */
export interface SplitReason {
  readonly words: readonly string[];
  /** The reason as typed, when all words before it belong to other arguments. */
  readonly reason: string;
}

/**
 * Where a reason begins: at a dash standing alone (`-`, `–`, `—`, `--`, also `:`) or set before a word (`—mirror`), after `reason:`
 * or `--reason`, or after a word that ends in a colon. `before` is what of that word belongs to the arguments, `after`
 * what of it belongs to the reason. Null when no reason begins at this word.
 */
export function reasonStart(word: string): { before: string; after: string } | null {
  if (/^(?:--|[-–—:])$/.test(word)) return { before: "", after: "" };
  const marked = /^(?:--reason(?:[:=]|$)|reason:|[-–—](?=[^-–—]))(.*)$/i.exec(word);
  if (marked !== null) return { before: "", after: marked[1] ?? "" };
  return word.endsWith(":") ? { before: word.slice(0, -1), after: "" } : null;
}

/** Splits the words that no option took at the first place where a reason begins. */
export function splitReason(words: readonly string[]): SplitReason {
  for (const [index, word] of words.entries()) {
    const start = reasonStart(word);
    if (start === null) continue;
    const before = words.slice(0, index);
    return {
      words: start.before === "" ? before : [...before, start.before],
      reason: [start.after, ...words.slice(index + 1)].join(" ").trim(),
    };
  }
  return { words, reason: "" };
}
