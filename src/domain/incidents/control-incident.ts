import { quote } from "../quote.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident } from "./incident.ts";

interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * The control file cannot be used: high, because a stop cannot be written or read until it is mended
 * (runbook section 2 relies on the file).
 */
export function controlFileIncident(
  path: string,
  problem: { readonly message: string; readonly position: Place | null },
): Incident {
  const place = problem.position === null ? "" : ` at line ${problem.position.line}, column ${problem.position.column}`;
  return {
    cause: { kind: "control-file" },
    severity: CLASSIFICATION["control-file-unreadable"].severity,
    title: "The control file cannot be read",
    body: `${quote(path)} cannot be used${place}: ${quote(problem.message)}

Until it is mended nothing is written to it, so that nothing in it is lost: outcomes are not counted, and \`/batch stop\` and \`/batch resume\` are refused. Treat every ecosystem as stopped.

### What to do
1. Look at its last change: who wrote it, and what was meant.
2. Mend the file on the default branch by hand, or revert that change.
3. This issue is closed by the first push that makes the file readable.`,
  };
}
