import { describeHold } from "../holds/describe-hold.ts";
import type { Hold } from "../holds/hold.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident } from "./incident.ts";

/** The tracking issue of a stop of everything that lasts for more than a day (runbook, section 2, "Escalation"). */
export function longStopIncident(holds: readonly Hold[]): Incident {
  const standing = holds.filter(({ scope }) => scope === "*").map((hold) => `- ${describeHold(hold)}`);
  return {
    cause: { kind: "long-stop" },
    severity: CLASSIFICATION["long-stop"].severity,
    title: "Everything has been stopped for more than 24 hours",
    body: [
      "No batch has run for a day, and none will until these holds are lifted:",
      standing.join("\n"),
      "Keep here what is being done about the cause, and who does it. Where the cause is unclear, bring in a second operator (runbook, section 2).",
      "`/batch status` shows what stands; `/batch resume` lifts the stop, and closes this issue.",
    ].join("\n\n"),
  };
}
