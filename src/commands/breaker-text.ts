import type { BreakerDescription } from "../domain/breaker/describe-breaker.ts";
import { elapsed } from "../domain/elapsed.ts";
import { type Instant, printInstant } from "../domain/instant.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import type { IncidentIssue } from "../github/incident-issue.ts";

/** `; not healthy for 3 d 2 h (#12)`: since when its incident is open. "" without one. */
export function unhealthyText(incident: IncidentIssue | null, now: Instant): string {
  if (incident === null) return "";
  const since = incident.openedAt === null ? "" : ` for ${elapsed(now - incident.openedAt)}`;
  return `; not healthy${since} (${numberLink(incident)})`;
}

/** What there is to say about a breaker beside its state, in one line of Markdown. */
export function breakerText(described: BreakerDescription, now: Instant): string {
  switch (described.state) {
    case "closed": {
      const { failures, recent } = described;
      const streak =
        failures.count === 0 ? "no failures in a row" : `${failures.count} of ${failures.of} failures in a row`;
      return recent.runs === 0
        ? streak
        : `${streak}; ${recent.ok} of ${recent.ok + recent.failed} succeeded in ${recent.runs} runs`;
    }
    case "open": {
      const { since, opensAt, trips } = described;
      const opened = since === null ? "" : `for ${elapsed(now - since)}, `;
      const next =
        opensAt === null
          ? "until a person resets or probes it with `/batch breaker`"
          : `tried again at ${printInstant(opensAt)}`;
      return `${opened}${next}; opened ${trips.count}× without recovering (${trips.of} escalate)`;
    }
    case "half-open": {
      const { lease, successes, trips } = described;
      const probe =
        lease === null
          ? "the next run is the probe"
          : `run ${quote(lease.run)} is the probe, until ${printInstant(lease.until)}`;
      return `${probe}; ${successes.count} of ${successes.of} successful probes; opened ${trips.count}× without recovering (${trips.of} escalate)`;
    }
  }
}
