import { printHold } from "../control/hold-record.ts";
import type { Hold } from "../holds/hold.ts";

/**
 * Exactly which holds are to be lifted, as a text whose digest stands for it: every word of each record. A hold that was
 * given another reason, link or end since is another one, and whoever approved lifting it did not know.
 */
export function liftManifest(holds: readonly Hold[]): string {
  const lines = holds.map((hold) => JSON.stringify(printHold(hold)));
  return ["lift", ...lines.toSorted()].join("\n");
}
