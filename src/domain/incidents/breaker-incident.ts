import type { Breaker, BreakerPolicy } from "../breaker/breaker.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../ecosystem.ts";
import { type Instant, printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import type { Causes } from "../results/causes.ts";
import { failingIn, failingRuns, nextProbe, whyOpen } from "./breaker-words.ts";
import { causesSection } from "./causes-section.ts";
import { classifyBreaker, type RunImpact } from "./classify-breaker.ts";
import { groupTitle, type Member, membersSection, namesText } from "./group.ts";
import type { Incident } from "./incident.ts";
import type { Entry } from "./incident-log.ts";
import { statusPages } from "./status-page.ts";
import { type Walk, walkText } from "./walk.ts";

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
  /** Of the run that opened it. */
  readonly impact: RunImpact;
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

/** The incident of an open breaker: the runbook's section 1, walked. */
export function breakerIncident(facts: BreakerFacts): Incident {
  const { ecosystem, breaker, policy, impact } = facts;
  const classified = classifyBreaker(ecosystem, breaker, impact, policy);
  const { severity } = classified;
  const members: readonly Member[] = [{ ecosystem, openedAt: breaker.lastFailure, recoveredAt: null }];
  return {
    cause: { kind: "breaker", ecosystem },
    severity,
    title: groupTitle(members),
    body: `The circuit breaker of **${ecosystem}** opened: ${whyOpen(breaker)} ${nextProbe(ecosystem, breaker)}

${membersSection(members, severity, classified)}

${walkText(walk(facts))}

${causesSection(ecosystem, facts.causes)}`,
  };
}

function walk(facts: BreakerFacts): Walk {
  const { ecosystem, breaker, breakers, repositoryUrl, runs, workflowChanges } = facts;
  return {
    section: 1,
    tree: decisionTree(facts),
    steps: [
      { what: "Which ecosystems have failures", found: failing(breakers) },
      { what: "Circuit breakers", found: states(breakers) },
      { what: `Failing runs of ${ecosystem}`, found: failingRuns(breaker.window, repositoryUrl) },
      { what: "Recent runs of the batch workflows", found: recentRuns(runs) },
      { what: "Where upstreams tell of outages", found: statusPages(ecosystem) },
      { what: "Changes of the workflows in the last day", found: changes(workflowChanges) },
    ],
    resolution: [
      "**Transient failures:** wait. The breaker lets one run through to try when its time is up, and closes when that run succeeds; this issue is closed by the second good run in a row.",
      persistent(ecosystem),
      "**Anything that looks like a compromise:** comment `/batch stop — reason` at once (runbook section 5).",
      `\`/batch breaker ${ecosystem}\` shows where things stand; \`/batch breaker ${ecosystem} probe — reason\` tries it at once.`,
    ],
  };
}

/** The failing runs that led to an opening, for the timeline. */
export function failuresBefore({ window }: Breaker): readonly Entry[] {
  return failingIn(window).map(({ run, at, ok, failed }) => ({
    at,
    kind: "run",
    key: `run:${run}`,
    by: "",
    words: `${run}, ${failed} of ${ok + failed} failed`,
  }));
}

function persistent(ecosystem: Ecosystem): string {
  return ecosystem === INFRASTRUCTURE
    ? "**Persistent failures:** comment `/batch stop — reason` here, and find the cause: over half of the recipes fail (runbook section 1, escalation). `/batch resume` undoes it."
    : `**Persistent failures:** comment \`/batch stop ${ecosystem} — reason\` here, and find the cause. \`/batch resume ${ecosystem}\` undoes it.`;
}

function failing(breakers: ReadonlyMap<string, Breaker>): string {
  const list = [...breakers].filter(([, { failures }]) => failures > 0);
  if (list.length === 0) return "none";
  return list.map(([name, { failures, state }]) => `${quote(name, 64)} ${failures} in a row (${state})`).join(", ");
}

function states(breakers: ReadonlyMap<string, Breaker>): string {
  const list = [...breakers].filter(([, { state }]) => state !== "closed");
  const others = breakers.size - list.length;
  const closed = others === 0 ? "" : `${others} closed`;
  return [...list.map(([name, { state }]) => `${quote(name, 64)} ${state}`), closed]
    .filter((text) => text !== "")
    .join(", ");
}

/** The runbook's decision tree: one ecosystem or all, a deployment, a recovery that is under way. */
function decisionTree(facts: BreakerFacts): Walk["tree"] {
  const { ecosystem, breakers, breaker } = facts;
  const others = [...breakers].filter(([name, { state }]) => name !== ecosystem && state !== "closed");
  const isShared = ecosystem === INFRASTRUCTURE || others.length > 0;
  return [
    {
      when: "Single ecosystem affected",
      isTaken: !isShared,
      why: isShared ? "" : `only ${ecosystem} is: its upstream and its own recipes first.`,
    },
    { when: "All ecosystems affected", isTaken: isShared, why: isShared ? sharedText(facts, others) : "" },
    deploymentBranch(facts.workflowChanges),
    {
      when: "Circuit breaker already tripped",
      isTaken: true,
      why:
        breaker.opensAt === null
          ? "it stays open until a person decides."
          : "recovery is automatic: watch the next probe.",
    },
  ];
}

function deploymentBranch(commits: BreakerFacts["workflowChanges"]): Walk["tree"][number] {
  const when = "During a deployment window";
  if (commits === null) return { when, isTaken: null, why: "the changes could not be read from GitHub." };
  const [latest] = commits;
  if (latest === undefined) return { when, isTaken: false, why: "the workflows did not change in the last day." };
  const { sha, url, author } = latest;
  const why = `**Likely a deployment:** the workflows were changed in the last day, last by [${sha.slice(0, 9)}](${url}) of ${quote(author, 40)}.`;
  return { when, isTaken: true, why };
}

function sharedText({ ecosystem, spared }: BreakerFacts, others: readonly (readonly [string, Breaker])[]): string {
  if (ecosystem === INFRASTRUCTURE) {
    const names = namesText(spared);
    const together =
      spared.length === 0 ? "" : `${names} failed in the same run, and none of them is charged with it: `;
    return `${together}what they share comes first (GitHub Actions, the runners, the network, the workflow).`;
  }
  const names = others.map(([name]) => quote(name, 64)).join(", ");
  return `${names} ${others.length === 1 ? "is" : "are"} open too: look at what they share first (GitHub Actions, the network, a deployment).`;
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
