import { quote } from "../quote.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident, Severity } from "./incident.ts";
import { walkText } from "./walk.ts";

/** What a person reports. */
export interface Report {
  /** Names the command: `<comment id>.<position>`. */
  readonly command: string;
  readonly by: string;
  readonly url: string;
  /** Somebody's words; "" for none. */
  readonly what: string;
  readonly severity: Severity;
}

/** The incident that a person opens: the runbook's section on security where it is critical, that on a stop otherwise. */
export function reportedIncident({ command, by, url, what, severity }: Report): Incident {
  const title = what === "" ? "Reported by an operator" : `Reported: ${quote(what, 80)}`;
  return {
    cause: { kind: "reported", command },
    severity,
    title,
    body: `${quote(by, 40)} [reported](${url})${what === "" ? " an incident." : `: ${quote(what)}`}

${severity === CLASSIFICATION["suspected-compromise"].severity ? securityWalk() : stopWalk()}

A person resolves it: \`/batch incident resolve — what was done\`.`,
  };
}

function securityWalk(): string {
  return walkText({
    section: 5,
    tree: [{ when: "A security compromise is suspected", isTaken: true, why: "stop immediately, then investigate." }],
    steps: [
      { what: "Is batch processing stopped", found: "`/batch status` says so; `/batch stop --now — reason` stops it." },
      {
        what: "What came in lately",
        found: "`/batch batches` lists batches, `/batch show <batch-id>` what each brought.",
      },
    ],
    resolution: [
      "**A compromise is confirmed:** `/batch rollback <batch-id> — reason` for the affected batch, look at all that was added in the same window, rotate the secrets that its runs could read, tell downstream users.",
      "**It is benign:** say here why, then `/batch resume — reason`.",
    ],
  });
}

function stopWalk(): string {
  return walkText({
    section: 2,
    tree: [
      {
        when: "Single ecosystem problematic",
        isTaken: null,
        why: "`/batch stop <ecosystem> — reason` disables that one only.",
      },
      {
        when: "All ecosystems problematic",
        isTaken: null,
        why: "`/batch stop — reason` disables batch processing entirely.",
      },
      { when: "Security incident", isTaken: false, why: "or `/batch incident severity critical — reason`." },
    ],
    steps: [{ what: "Current state", found: "`/batch status` shows switch, holds, breakers and budget." }],
    resolution: [
      "Stopped **here**, the link of this issue stands in the control file with the stop.",
      "`/batch resume — reason` undoes it once the cause is gone.",
    ],
  });
}
