import { quote } from "../quote.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident } from "./incident.ts";

/** `.github/batchkeeper.yml` is not valid. Low: the last good settings go on, but the change that was meant has no effect. */
export function configurationIncident(
  path: string,
  problems: readonly { readonly message: string; readonly line: number; readonly column: number }[],
): Incident {
  const list = problems
    .map(({ message, line, column }) => `- line ${line}, column ${column}: ${quote(message)}`)
    .join("\n");
  return {
    cause: { kind: "configuration" },
    severity: CLASSIFICATION["configuration-unreadable"].severity,
    title: "The configuration cannot be used",
    body: `${quote(path)} is not valid, so the last good settings stay in force.

${list}

### What to do
Mend the file on the default branch; this issue is closed by the push that makes it valid.`,
  };
}
