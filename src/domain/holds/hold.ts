import type { Scope } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";

/** Why a hold stands, gravest first. A security hold never expires and takes two people to lift (runbook section 5). */
export const HOLD_KINDS = ["security", "operator", "budget"] as const;
type HoldKind = (typeof HOLD_KINDS)[number];

/** One reason, owned by one person or rule, why batches of a scope must not run. Several may stand on one scope. */
export interface Hold {
  /** `h-` and six hexadecimal digits, derived from what asked for it, so that asking twice makes one hold. */
  readonly id: string;
  readonly scope: Scope;
  readonly kind: HoldKind;
  /** One line, "" when none was given. */
  readonly reason: string;
  /** Login of the person, or the name of the rule, that asked for it. */
  readonly by: string;
  readonly at: Instant;
  /** When it is expected to end; null when nobody said. */
  readonly until: Instant | null;
  readonly incidentUrl: string;
  /** The comment, commit or run that asked for it: a URL, "" when unknown. */
  readonly source: string;
}
