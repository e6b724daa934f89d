import type { Breaker, BreakerPolicy, Outcome } from "../breaker/breaker.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../ecosystem.ts";
import { type Instant, printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import type { Causes } from "../results/causes.ts";
import { causesSection, poisonedText } from "./causes-section.ts";
import { type Incident, RESPONSE, type Severity } from "./incident.ts";

/** What the runbook tells an operator to look up, already looked up (section 1, investigation steps 1 to 5). */
export interface BreakerFacts {
  readonly ecosystem: Ecosystem;
  readonly breaker: Breaker;
  readonly policy: BreakerPolicy;
  /** The breakers of all ecosystems, this one included. */
  readonly breakers: ReadonlyMap<string, Breaker>;
  readonly repositoryUrl: string;
  /** Latest runs of the batch workflows, newest first. Null when GitHub could not be asked. */
  readonly runs: readonly RunFact[] | null;
  /** Changes of `.github/workflows/` in the last day, newest first. Null when GitHub could not be asked. */
  readonly workflowChanges: readonly CommitFact[] | null;
  readonly causes: Causes;
  /** Of the infrastructure: the ecosystems that failed together in the run that opened it. */
  readonly spared: readonly Ecosystem[];
}

export interface RunFact {
  readonly url: string;
  readonly id: number;
  readonly conclusion: string;
  readonly at: Instant | null;
}

export interface CommitFact {
  readonly url: string;
  readonly sha: string;
  readonly subject: string;
  readonly author: string;
}

/**
 * Medium for one ecosystem, high for several at once (runbook, severity table); high, too, once it has opened
 * `escalate_after` times without recovering.
 */
export function breakerSeverity(ecosystem: Ecosystem, { trips }: Breaker, { escalateAfter }: BreakerPolicy): Severity {
  return ecosystem === INFRASTRUCTURE || trips >= escalateAfter ? "high" : "medium";
}

/** The incident of an open breaker: what happened, what the runbook says to check with the answers, and what to do. */
export function breakerIncident(facts: BreakerFacts): Incident {
  const { ecosystem, breaker, policy } = facts;
  const severity = breakerSeverity(ecosystem, breaker, policy);
  return {
    cause: { kind: "breaker", ecosystem },
    severity,
    title: `${ecosystem}: the circuit breaker is open`,
    body: `The circuit breaker of **${ecosystem}** opened: ${whyOpen(breaker)} ${nextProbe(ecosystem, breaker)}

**${severity}**: ${RESPONSE[severity]} (runbook, incident severity classification).

### Checked for you (runbook section 1)
1. **Which ecosystems have failures:** ${failing(facts.breakers)}
2. **Where to look first:** ${decision(facts)}
3. **Failing runs of ${ecosystem}:** ${failingRuns(breaker.window, facts.repositoryUrl)}
4. **Recent runs of the batch workflows:** ${recentRuns(facts.runs)}
5. **Changes of the workflows in the last day:** ${changes(facts.workflowChanges)}

${causesSection(ecosystem, facts.causes)}

### What to do
- **Transient failures:** wait. The breaker lets one run through to try when its time is up, and closes when that run succeeds; this issue then closes by itself.
${persistent(ecosystem)}
- **Anything that looks like a compromise:** comment \`/batch stop — reason\` at once (runbook section 5).
- \`/batch breaker ${ecosystem}\` shows where things stand; \`/batch breaker ${ecosystem} probe — reason\` tries it at once.`,
  };
}

/** What to add to an open incident when a probe failed and the breaker opened again. */
export function breakerWorse(ecosystem: Ecosystem, breaker: Breaker, policy: BreakerPolicy, causes: Causes): string {
  const poisoned = poisonedText(ecosystem, causes);
  return `The probe of **${ecosystem}** failed: opened ${times(breaker.trips)} in a row without recovering.${raised(breaker, policy)} ${nextProbe(ecosystem, breaker)}${poisoned === "" ? "" : `\n\n${poisoned}`}`;
}

/** What to add to an incident that is still open from before when its breaker, closed meanwhile, opens. */
export function breakerOpenedAgain(ecosystem: Ecosystem, breaker: Breaker, policy: BreakerPolicy): string {
  return `The circuit breaker of **${ecosystem}** was closed meanwhile and has opened again: ${whyOpen(breaker)}${raised(breaker, policy)} ${nextProbe(ecosystem, breaker)}`;
}

/** What to add to an open incident that turns out to be graver than it was known to be. */
export function breakerFoundWorse(ecosystem: Ecosystem, { trips }: Breaker, severity: Severity): string {
  return `What was heard of only now shows that **${ecosystem}** opened ${times(trips)} in a row without recovering. The incident is raised to **${severity}** for that.`;
}

/** What to say when the breaker closed. */
export function breakerRecovered(ecosystem: Ecosystem, run: string): string {
  return `**${ecosystem}** recovered: run ${run} succeeded and the circuit breaker closed.`;
}

/** What to say in an incident that was left open although its breaker is closed. */
export function breakerIsClosed(ecosystem: Ecosystem): string {
  return `The circuit breaker of **${ecosystem}** is closed and batches of it succeed: this incident had been left open.`;
}

function raised({ trips }: Breaker, { escalateAfter }: BreakerPolicy): string {
  return trips === escalateAfter ? " The incident is raised to **high** for that." : "";
}

function whyOpen({ failures, window }: Breaker): string {
  const parts = window.reduce((sum, { ok, failed }) => sum + ok + failed, 0);
  const failed = window.reduce((sum, sample) => sum + sample.failed, 0);
  const rate =
    parts === 0 ? "" : ` (${Math.round((100 * failed) / parts)} % of what the last ${window.length} runs tried)`;
  return `${failures} failing ${failures === 1 ? "run" : "runs"} in a row${rate}.`;
}

function persistent(ecosystem: Ecosystem): string {
  return ecosystem === INFRASTRUCTURE
    ? "- **Persistent failures:** comment `/batch stop — reason` here, and find the cause: over half of the recipes fail (runbook section 1, escalation). `/batch resume` undoes it."
    : `- **Persistent failures:** comment \`/batch stop ${ecosystem} — reason\` here, and find the cause. \`/batch resume ${ecosystem}\` undoes it.`;
}

function nextProbe(ecosystem: Ecosystem, { opensAt }: Breaker): string {
  return opensAt === null
    ? `It stays open until \`/batch breaker ${ecosystem} reset — reason\`.`
    : `It is tried again at ${printInstant(opensAt)}.`;
}

function failing(breakers: ReadonlyMap<string, Breaker>): string {
  const list = [...breakers].filter(([, { failures }]) => failures > 0);
  if (list.length === 0) return "none";
  return list.map(([name, { failures, state }]) => `${quote(name, 64)} ${failures} in a row (${state})`).join(", ");
}

/** The runbook's decision tree: one ecosystem or all, a deployment, a recovery that is under way. */
function decision(facts: BreakerFacts): string {
  const deployment = deploymentText(facts.workflowChanges);
  return [whereToLook(facts), deployment, "Recovery is automatic: watch the next probe."]
    .filter((text) => text !== "")
    .join(" ");
}

function deploymentText(commits: BreakerFacts["workflowChanges"]): string {
  const [latest] = commits ?? [];
  if (latest === undefined) return "";
  const { sha, url, author } = latest;
  return `**Likely a deployment:** the workflows were changed in the last day, last by [${sha.slice(0, 9)}](${url}) of ${quote(author, 40)}.`;
}

function whereToLook({ ecosystem, breakers, spared }: BreakerFacts): string {
  if (ecosystem === INFRASTRUCTURE) {
    const names = new Intl.ListFormat("en").format(spared);
    const together =
      spared.length === 0 ? "" : `${names} failed in the same run, and none of them is charged with it: `;
    return `${together}what they share comes first (GitHub Actions, the runners, the network, the workflow).`;
  }
  const others = [...breakers].filter(([name, { state }]) => name !== ecosystem && state !== "closed");
  if (others.length === 0) return `Only ${ecosystem} is affected: its upstream and its own recipes first.`;
  const names = others.map(([name]) => quote(name, 64)).join(", ");
  return `${names} ${others.length === 1 ? "is" : "are"} open too: look at what they share first (GitHub Actions, the network, a deployment).`;
}

function failingRuns(window: readonly Outcome[], repositoryUrl: string): string {
  const runs = window.filter(({ failed }) => failed > 0).slice(-5);
  if (runs.length === 0) return "none recorded";
  return runs
    .map(({ run, ok, failed }) => `[${run}](${runUrl(repositoryUrl, run)}) (${failed} of ${ok + failed} failed)`)
    .join(", ");
}

function runUrl(repositoryUrl: string, run: string): string {
  const [id, attempt] = run.split(".");
  return `${repositoryUrl}/actions/runs/${id}${attempt === undefined ? "" : `/attempts/${attempt}`}`;
}

function recentRuns(runs: BreakerFacts["runs"]): string {
  if (runs === null) return "could not be read from GitHub";
  if (runs.length === 0) return "none";
  return runs
    .map(
      ({ id, url, conclusion, at }) =>
        `[${id}](${url}) ${quote(conclusion)}${at === null ? "" : ` ${printInstant(at)}`}`,
    )
    .join(", ");
}

function changes(commits: BreakerFacts["workflowChanges"]): string {
  if (commits === null) return "could not be read from GitHub";
  if (commits.length === 0) return "none";
  return commits
    .map(
      ({ sha, url, subject, author }) => `[${sha.slice(0, 9)}](${url}) ${quote(subject, 80)} by ${quote(author, 40)}`,
    )
    .join("; ");
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
