import { REMEMBERED_WEEKS } from "../budget/alert.ts";
import type { FrequencyProposal } from "../budget/frequency.ts";
import { SYSTEM_NAMES } from "../budget/runner-system.ts";
import { quote } from "../quote.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident } from "./incident.ts";

/** The issue that proposes to run batches less often, with the arithmetic (runbook section 4, escalation). */
export function frequencyIncident(proposals: readonly FrequencyProposal[]): Incident {
  return {
    cause: { kind: "budget-frequency" },
    severity: CLASSIFICATION["budget-frequency"].severity,
    title: "Batches run more often than the CI budget allows",
    body: `The weekly budget does not carry the present frequency of batches (runbook section 4, escalation).

### Proposal
${proposals.map((proposal) => `- ${frequencyText(proposal)}`).join("\n")}

### What to do
- Change the \`schedule\` of the batch workflow, or what each run takes from the queue.
- Or decide that the work is worth it, and raise \`budget.macos_minutes\` or \`budget.linux_minutes\` in \`.github/batchkeeper.yml\`.
- Close this issue when that is decided; nothing else waits for it.`,
  };
}

/** One proposal with its arithmetic, in a paragraph. */
function frequencyText({ system, cause, ...numbers }: FrequencyProposal): string {
  const { used, hours, needed, weekHours, allowed, factor } = numbers;
  const who =
    cause.kind === "share"
      ? `**${quote(cause.ecosystem, 64)} on ${SYSTEM_NAMES[system]}**`
      : `**${SYSTEM_NAMES[system]}**`;
  const why =
    cause.kind === "share"
      ? "used over half of the budget"
      : `exhausted before the week ended in ${cause.weeks.length} of the last ${REMEMBERED_WEEKS} weeks (${cause.weeks.join(", ")})`;
  const rate = `${Math.round(used)} minutes in ${hours} hours are ${(used / hours).toFixed(1)} an hour, ${Math.round(needed)} in the ${weekHours} hours of a week`;
  const goal = cause.kind === "share" ? "half of the budget" : "the threshold of sampling";
  return `${who}: ${why}. ${rate}. Up to ${goal} are ${Math.round(allowed)}: ${Math.round(needed)} / ${Math.round(allowed)} = ${(needed / allowed).toFixed(1)}, so one run instead of ${factor}. What starts every hour would start every ${factor} hours.`;
}
