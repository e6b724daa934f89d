import type { Scope } from "../ecosystem.ts";
import { shortHash } from "../short-hash.ts";

/**
 * The name of the hold that `source` (a URL of a comment, commit or run, or the name of a rule) puts on a scope: the same
 * for the same request, however often it arrives. A name to type into `--hold`.
 */
export function holdId(source: string, scope: Scope): string {
  return `h-${shortHash(`${scope} ${source}`)}`;
}
