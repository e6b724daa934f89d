import type { Scope } from "../ecosystem.ts";

// FNV-1a with 32 bits, folded to 24 as its authors advise (draft-eastlake-fnv, "xor-folding").
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * The name of the hold that `source` (a URL of a comment, commit or run, or the name of a rule) puts on a scope: the same
 * for the same request, however often it arrives. A name to type into `--hold`, not a protection against forgery.
 */
export function holdId(source: string, scope: Scope): string {
  let hash = OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(`${scope} ${source}`)) hash = Math.imul(hash ^ byte, PRIME);
  const folded = (hash >>> 24) ^ (hash & 0xffffff);
  return `h-${folded.toString(16).padStart(6, "0")}`;
}
