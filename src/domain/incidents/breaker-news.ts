import type { Breaker, BreakerPolicy } from "../breaker/breaker.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { printInstant } from "../instant.ts";
import type { Causes } from "../results/causes.ts";
import type { BreakerFacts } from "./breaker-incident.ts";
import { failingRuns, nextProbe, whyOpen } from "./breaker-words.ts";
import { poisonedText } from "./causes-section.ts";
import { namesText } from "./group.ts";
import type { Severity } from "./incident.ts";
import { statusPages } from "./status-page.ts";

/** What to add to an open incident when a probe failed and the breaker opened again. */
export function breakerWorse(ecosystem: Ecosystem, breaker: Breaker, policy: BreakerPolicy, causes: Causes): string {
  const poisoned = poisonedText(ecosystem, causes);
  return `The probe of **${ecosystem}** failed: opened ${times(breaker.trips)} in a row without recovering.${raised(breaker, policy)} ${nextProbe(ecosystem, breaker)}${poisoned === "" ? "" : `\n\n${poisoned}`}`;
}

/** What to add to an incident that is still open from before when its breaker, closed meanwhile, opens. */
export function breakerOpenedAgain(ecosystem: Ecosystem, breaker: Breaker, policy: BreakerPolicy): string {
  return `The circuit breaker of **${ecosystem}** was closed meanwhile and has opened again: ${whyOpen(breaker)}${raised(breaker, policy)} ${nextProbe(ecosystem, breaker)}`;
}

/** What to add to an incident when another breaker opened at about the same time. */
export function breakerJoins(
  { ecosystem, breaker, repositoryUrl }: BreakerFacts,
  others: readonly Ecosystem[],
): string {
  return [
    `**${ecosystem}** opened too, within an hour of ${namesText(others)}: ${whyOpen(breaker)} ${nextProbe(ecosystem, breaker)} What they share comes first (GitHub Actions, the runners, the network, a deployment).`,
    `- Failing runs: ${failingRuns(breaker.window, repositoryUrl)}`,
    `- Where upstreams tell of outages: ${statusPages(ecosystem)}`,
  ].join("\n");
}

/** What to add to an incident when it is known only now when its breaker opened. */
export function breakerOpenedBefore(ecosystem: Ecosystem, { lastFailure }: Breaker): string {
  return `What was heard of only now shows that **${ecosystem}** opened ${lastFailure === null ? "at another time" : `at ${printInstant(lastFailure)}`}.`;
}

/** What to add to an open incident that turns out to be graver than it was known to be. */
export function breakerFoundWorse(ecosystem: Ecosystem, { trips }: Breaker, severity: Severity): string {
  return `What was heard of only now shows that **${ecosystem}** opened ${times(trips)} in a row without recovering. The incident is raised to **${severity}** for that.`;
}

function raised({ trips }: Breaker, { escalateAfter }: BreakerPolicy): string {
  return trips === escalateAfter ? " The incident is raised to **high** for that." : "";
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
