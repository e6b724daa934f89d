import type { Scope } from "../ecosystem.ts";

/** The decision tree of the runbook's section 5, as it has it. */
export const BRANCHES = {
  drift: "Checksum drift detected (file changed without version bump)",
  source: "Unexpected recipe source URL",
  validation: "Validation failure with unusual pattern",
} as const;

/** Its first step, done or not. */
export function stoppedText(hold: string | null, scope: Scope): string {
  return hold === null
    ? "nothing is stopped by itself (`supply_chain.stop`)."
    : `${scope === "*" ? "everything" : scope} is stopped by the security hold \`${hold}\`.`;
}
