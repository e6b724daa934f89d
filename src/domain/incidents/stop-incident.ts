import type { Violation } from "../gate/violation.ts";
import { describeHold } from "../holds/describe-hold.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident } from "./incident.ts";

/** A batch ran or merged under a hold: critical, because a stop is what everybody relies on (runbook sections 2 and 5). */
export function stopIncident({ hold, what, url }: Violation): Incident {
  return {
    cause: { kind: "stop-not-honoured", hold: hold.id },
    severity: CLASSIFICATION["stop-not-honoured"].severity,
    title: `Stop not honoured: ${hold.scope === "*" ? "everything" : hold.scope}`,
    body: `[${capitalized(what)}](${url}), although a hold forbade it:

- ${describeHold(hold)}

### What to do
- See what it did, and whether its batch merged: \`/batch batches\` lists them, \`/batch rollback <batch id>\` takes one back.
- Comment \`/batch stop --now${hold.scope === "*" ? "" : ` ${hold.scope}`} — reason\` to cancel what still runs; a stop of everything with \`--now\` also disables the workflows.
- Let the workflow ask before it works (the preflight action), and make the gate a required check, so that GitHub enforces the next stop.

What else happens under this hold is added below.`,
  };
}

/** What to add to the open incident. */
export function stopIncidentUpdate({ what, url }: Violation): string {
  return `[${capitalized(what)}](${url}), too.`;
}

/** What the receipt of the stop says about it. */
export function violationText({ what, url }: Violation): string {
  return `**not honoured**: [${what}](${url}). A critical incident is open.`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
