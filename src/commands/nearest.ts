import { distance } from "fastest-levenshtein";

/**
 * The candidate that a mistyped word most likely means, or null when none is near. Near is: one letter wrong, missing or
 * extra in a name of three to six letters, two up to eleven, three above; two neighbouring letters swapped; or the
 * beginning of a name, at least half of it (`crates` for `crates.io`). Of equally near ones the first wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const typed = word.toLowerCase();
  let best: { candidate: string; edits: number } | null = null;
  for (const candidate of candidates) {
    const edits = editsBetween(typed, candidate.toLowerCase());
    if (edits !== null && (best === null || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate ?? null;
}

/** How many mistakes lead from a name to what was typed, or null when too many for a slip. */
function editsBetween(typed: string, name: string): number | null {
  const allowed = allowedEdits(name.length);
  // The lengths are compared first: what was typed may be as long as a comment.
  const edits = Math.abs(typed.length - name.length) <= allowed ? distance(typed, name) : Number.POSITIVE_INFINITY;
  if (edits <= allowed) return edits;
  if (hasSwappedNeighbours(typed, name)) return 1;
  return isAbbreviation(typed, name) ? allowed + 1 : null;
}

function allowedEdits(length: number): number {
  if (length < 3) return 0;
  if (length <= 6) return 1;
  return length <= 11 ? 2 : 3;
}

function hasSwappedNeighbours(typed: string, name: string): boolean {
  if (typed.length !== name.length) return false;
  for (let i = 0; i < name.length - 1; i += 1) {
    if (typed[i] === name[i]) continue;
    const swapped = name.slice(0, i) + name.charAt(i + 1) + name.charAt(i) + name.slice(i + 2);
    return swapped === typed;
  }
  return false;
}

function isAbbreviation(typed: string, name: string): boolean {
  return typed.length >= 3 && typed.length * 2 >= name.length && name.startsWith(typed);
}
