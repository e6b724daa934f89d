import { elapsed } from "../elapsed.ts";
import { isResolved, timesOf } from "./clock.ts";
import type { Severity } from "./incident.ts";
import type { Entry, IncidentLog } from "./incident-log.ts";
import { listing } from "./timeline.ts";

/** How long it took, and a post-mortem to fill in: what is known is filled in already. */
export function closingText(log: IncidentLog, severity: Severity | null): string {
  return `${durationsText(log)}

<details><summary>Post-mortem</summary>

### What happened
${severity === null ? "" : `Severity: ${severity}. `}${durationsText(log)}

${listing(log)}

### Impact
<!-- Which recipes, runs and users were affected, and how? -->

### Root cause
<!-- What made it possible? Ask why until the answer is something that can be changed. -->

### What went well, and where luck helped
${answeredText(log.entries)}

### What is to be done
| What | Who | Until |
|---|---|---|
|  |  |  |

</details>`;
}

/** Time to acknowledge and to resolve, counted from the last opening. */
export function durationsText(log: IncidentLog): string {
  const { opened, acknowledged, resolved } = timesOf(log);
  const since = (at: number | null) => (opened === null || at === null ? null : elapsed(at - opened));
  return `**Time to acknowledge:** ${since(acknowledged) ?? "never acknowledged"}. **Time to resolve:** ${since(resolved) ?? "unknown"}.`;
}

function answeredText(entries: readonly Entry[]): string {
  const count = (kind: Entry["kind"]) => entries.filter((entry) => entry.kind === kind).length;
  const people = new Set(entries.flatMap(({ by }) => (by === "" ? [] : [by.toLowerCase()])));
  const opened = count("reopened");
  return `- ${people.size} ${people.size === 1 ? "person" : "people"} took part; reminders: ${count("reminded")}, escalations: ${count("escalated")}.${opened === 0 ? "" : ` It came back ${opened} ${opened === 1 ? "time" : "times"}.`}${isResolved(entries) ? "" : " It is not resolved."}`;
}
