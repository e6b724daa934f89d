import { breakerPolicy } from "../../config/policy.ts";
import type { Breaker } from "../../domain/breaker/breaker.ts";
import type { Control } from "../../domain/control/control.ts";
import type { Ecosystem } from "../../domain/ecosystem.ts";
import { type BreakerFacts, breakerIncident, failuresBefore } from "../../domain/incidents/breaker-incident.ts";
import {
  breakerFoundWorse,
  breakerJoins,
  breakerOpenedAgain,
  breakerOpenedBefore,
  breakerWorse,
} from "../../domain/incidents/breaker-news.ts";
import { causesIn, replaceCauses } from "../../domain/incidents/causes-section.ts";
import { classify } from "../../domain/incidents/classification.ts";
import { classifyBreaker, NO_IMPACT, type RunImpact } from "../../domain/incidents/classify-breaker.ts";
import type { IncidentUpdate } from "../../domain/incidents/course.ts";
import {
  groupTitle,
  type Member,
  membersSection,
  mergeMembers,
  placeOpening,
  replaceMembers,
  withOpening,
} from "../../domain/incidents/group.ts";
import { causeLabels, graver } from "../../domain/incidents/incident.ts";
import { addRun } from "../../domain/results/causes.ts";
import { type Found, type IncidentIssue, isOfBreaker } from "../../github/incident-issue.ts";
import { investigate } from "../../github/investigation.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import { causesOfOpening, type FailingRun, impactOfRun } from "./failing-causes.ts";

/** What a run did to a breaker that its open incident does not say yet. */
export type News = "opened" | "reopened" | null;

/** A breaker that is not closed, and the run that was counted. */
export interface OpenBreaker extends FailingRun {
  readonly ecosystem: Ecosystem;
  readonly breaker: Breaker;
  /** Of the run. */
  readonly impact: RunImpact;
  readonly spared: readonly Ecosystem[];
  readonly news: News;
  /** Whether the run had been counted before. */
  readonly before: boolean;
}

/**
 * Makes a breaker that is not closed have one open incident that says so: its own, or that of others that opened at about
 * the same time.
 */
export async function keepOpen(
  repository: Repository,
  control: Control,
  opened: OpenBreaker,
  services: Services,
): Promise<void> {
  const { ecosystem, breaker, run, failures, impact, news } = opened;
  const { incidents, store } = services;
  const found = await incidents.look(repository, { kind: "breaker", ecosystem });
  const policy = breakerPolicy(await store.settings(repository));
  if (found.open === null || news === "opened" || isNews(found.open, opened))
    return keepOpening(repository, control, opened, found, services);
  const issue = found.open;
  const { severity } = classifyBreaker(ecosystem, breaker, news === null ? NO_IMPACT : impact, policy);
  const gravest = graver(issue.severity, severity);
  if (news === null) {
    // An outcome that came late may have shown an opening that nobody had known of.
    if (gravest === issue.severity) return;
    const text = breakerFoundWorse(ecosystem, breaker, gravest);
    await incidents.update(repository, issue, gravest, { key: `${run}:late:${ecosystem}`, text });
    return;
  }
  const causes = addRun(causesIn(issue.body, ecosystem), run, failures);
  const body = replaceCauses(issue.body, ecosystem, causes);
  await incidents.update(
    repository,
    issue,
    gravest,
    { key: wordKey(opened), text: breakerWorse(ecosystem, breaker, policy, causes) },
    { body },
  );
}

/** Whether an incident does not know of the opening: it takes the breaker for recovered, or says that it opened at another time. */
function isNews(
  { members }: IncidentIssue,
  { ecosystem, breaker: { state, trips, lastFailure } }: OpenBreaker,
): boolean {
  const known = members.find((member) => member.ecosystem === ecosystem);
  const isMoved = state === "open" && trips === 1 && known?.openedAt !== lastFailure;
  return isMoved || (known !== undefined && known.recoveredAt !== null);
}

/** Tells an opening where it belongs, and brings together what turns out to be one incident. */
async function keepOpening(
  repository: Repository,
  control: Control,
  opened: OpenBreaker,
  found: Found,
  services: Services,
): Promise<void> {
  const { ecosystem, breaker } = opened;
  const { incidents } = services;
  const open = [...(found.open === null ? [] : [found.open]), ...found.beside].filter(
    ({ members }) => members.length > 0,
  );
  const { host: number, absorbed } = placeOpening(open, ecosystem, breaker.lastFailure);
  const host = open.find((issue) => issue.number === number);
  if (host === undefined) {
    const facts = await factsOf(repository, control, opened, services);
    await incidents.open(repository, { ...breakerIncident(facts), before: failuresBefore(breaker) }, found.earlier);
    return;
  }
  const others = open.filter((issue) => absorbed.includes(issue.number));
  const told = isTold(host, opened) ? host : await tell(repository, control, opened, { host, others }, services);
  for (const issue of others) await incidents.absorb(repository, issue, told);
}

/** Whether an incident says of this very opening: then there is nothing to add to it. */
function isTold({ members }: IncidentIssue, { ecosystem, breaker: { lastFailure } }: OpenBreaker): boolean {
  return members.some(
    ({ ecosystem: name, openedAt, recoveredAt }) =>
      name === ecosystem &&
      recoveredAt === null &&
      lastFailure !== null &&
      openedAt !== null &&
      openedAt >= lastFailure,
  );
}

/** Adds an opening, and what other incidents tell, to the incident that they become part of. */
async function tell(
  repository: Repository,
  control: Control,
  opened: OpenBreaker,
  { host, others }: { readonly host: IncidentIssue; readonly others: readonly IncidentIssue[] },
  services: Services,
): Promise<IncidentIssue> {
  const { ecosystem, breaker, run, failures } = opened;
  const { incidents } = services;
  const facts = await factsOf(repository, control, opened, services);
  const known = mergeMembers(host.members, ...others.map(({ members }) => members));
  const members = withOpening(known, ecosystem, breaker.lastFailure);
  const isKnown = isOfBreaker(host, ecosystem);
  const causes = isKnown ? addRun(causesIn(host.body, ecosystem), run, failures) : facts.causes;
  const { severity, reason } = gravityOf(facts, members);
  const gravest = graver(host.severity, severity);
  const rewritten = replaceMembers(host.body, membersSection(members, gravest, reason));
  const body = replaceCauses(withCausesOf(others, rewritten), ecosystem, causes);
  const labels = members.flatMap((member) => causeLabels({ kind: "breaker", ecosystem: member.ecosystem }));
  const title = members.length > 1 ? groupTitle(members) : host.title;
  const fresh = { body, title, labels: [...new Set([...host.labels, ...labels])] };
  return incidents.update(repository, host, gravest, wordOn(facts, opened, isKnown, members), fresh);
}

/** A body with the causes that other incidents have gathered. */
function withCausesOf(others: readonly IncidentIssue[], body: string): string {
  const gathered = others.flatMap((issue) =>
    issue.members.map(({ ecosystem }) => [ecosystem, causesIn(issue.body, ecosystem)] as const),
  );
  return gathered.reduce((text, [ecosystem, causes]) => replaceCauses(text, ecosystem, causes), body);
}

function gravityOf({ ecosystem, breaker, impact, policy }: BreakerFacts, members: readonly Member[]) {
  const alone = classifyBreaker(ecosystem, breaker, impact, policy);
  const reason = members.length > 1 ? classify([alone.rule, "several-ecosystems"]) : alone;
  return { severity: reason.severity, reason };
}

/** What the thread is told of an opening. */
function wordOn(
  facts: BreakerFacts,
  opened: OpenBreaker,
  isKnown: boolean,
  members: readonly Member[],
): IncidentUpdate {
  const { ecosystem, breaker, run, news } = opened;
  const others = members.map((member) => member.ecosystem).filter((name) => name !== ecosystem);
  if (!isKnown) return { key: wordKey(opened), text: breakerJoins(facts, others) };
  return news === null
    ? { key: `${run}:late:${ecosystem}`, text: breakerOpenedBefore(ecosystem, breaker) }
    : { key: wordKey(opened), text: breakerOpenedAgain(ecosystem, breaker, facts.policy) };
}

/** A run has one word on a breaker that it opened: counted before, it does not tell an opening from a failed probe. */
function wordKey({ run, ecosystem }: OpenBreaker): string {
  return `${run}:${ecosystem}`;
}

/** What the runbook says to look up about an opening. */
async function factsOf(
  repository: Repository,
  { breakers }: Control,
  { ecosystem, breaker, run, failures, impact, spared }: OpenBreaker,
  services: Services,
): Promise<BreakerFacts> {
  const settings = await services.store.settings(repository);
  const policy = breakerPolicy(settings);
  // The run that was heard of may have come late: what opened the breaker tells how grave that is.
  const opening = breaker.window.find(({ at }) => at === breaker.lastFailure)?.run ?? run;
  const [looked, causes, impactThen] = await Promise.all([
    investigate(repository, settings.workflows, services.now()),
    causesOfOpening(repository, { ecosystem, breaker, latest: { run, failures } }, services),
    opening === run ? impact : impactOfRun(repository, opening, ecosystem, services),
  ]);
  const { url: repositoryUrl } = repository;
  return { ecosystem, breaker, policy, breakers, repositoryUrl, causes, spared, impact: impactThen, ...looked };
}
