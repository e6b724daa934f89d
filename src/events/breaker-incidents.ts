import { breakerPolicy } from "../config/policy.ts";
import type { Breaker, BreakerPolicy } from "../domain/breaker/breaker.ts";
import { chargedFailures } from "../domain/breaker/charge-run.ts";
import type { Counted } from "../domain/breaker/count-run.ts";
import type { Transition } from "../domain/breaker/transition.ts";
import type { Control } from "../domain/control/control.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import {
  breakerFoundWorse,
  breakerIncident,
  breakerOpenedAgain,
  breakerRecovered,
  breakerRecovers,
  breakerWorse,
  failuresBefore,
  isProvenWell,
} from "../domain/incidents/breaker-incident.ts";
import { causesIn, causesSection, replaceCauses } from "../domain/incidents/causes-section.ts";
import { classifyBreaker, impactOf, NO_IMPACT, type RunImpact } from "../domain/incidents/classify-breaker.ts";
import { graver } from "../domain/incidents/incident.ts";
import { addRun } from "../domain/results/causes.ts";
import type { IncidentIssue, IncidentUpdate, OverCause } from "../github/incident-issue.ts";
import { investigate } from "../github/investigation.ts";
import type { Repository } from "../github/repository.ts";
import { attemptOf, type RunReport } from "../github/run-report.ts";
import { causesOfOpening, type FailingRun } from "./failing-causes.ts";
import type { Services } from "./services.ts";

/**
 * Makes the incidents say what the breakers say after a run was counted: an open breaker has one open incident, an opening
 * and a failed probe are told in it, a closed breaker has none. It works from the state, not only from what just changed,
 * so that what a process left undone is made up for: by the same event when it comes again, at the latest by the next
 * success.
 */
export async function keepBreakerIncidents(
  repository: Repository,
  control: Control,
  counted: Counted,
  report: RunReport,
  services: Services,
): Promise<void> {
  const run = attemptOf(report.run);
  const settings = await services.store.settings(repository);
  const results = report.results(settings);
  const policy = breakerPolicy(settings);
  const transitions = [...counted.transitions];
  const over = transitions.flatMap(([ecosystem, { breaker }]) => overCause(ecosystem, breaker, counted, policy) ?? []);
  const open = transitions.filter(([, { breaker }]) => breaker.state !== "closed");
  await Promise.all([
    services.incidents.closeOver(repository, over),
    ...transitions.map(([ecosystem, transition]) =>
      tellRecovery(repository, ecosystem, transition, { run, before: counted.before, policy }, services),
    ),
    ...open.map(([ecosystem, { kind, breaker }]) => {
      const news = counted.before ? newsBefore(breaker, run) : newsOf(kind);
      const failures = chargedFailures(results, counted.spared, ecosystem);
      const impact = impactOf(results, failures, policy);
      const { before, spared } = counted;
      const opened = { ecosystem, breaker, run, failures, impact, spared, news, before };
      return keepOpen(repository, control, opened, services);
    }),
  ]);
}

/**
 * What is over when a breaker has proved itself: closed, with two good runs in a row. Told at each success, in case the
 * closing of the incident failed. An opening takes a failure, so as long as the last failure is the same no other incident
 * can have been opened, and nothing has to be asked of GitHub.
 */
function overCause(
  ecosystem: Ecosystem,
  breaker: Breaker,
  { before }: Counted,
  policy: BreakerPolicy,
): OverCause | null {
  if (!isProvenWell(breaker, policy)) return null;
  const latest = breaker.window.at(-1)?.run ?? "";
  const update: IncidentUpdate = { key: `well:${latest}`, text: breakerRecovered(ecosystem, breaker) };
  return { cause: { kind: "breaker", ecosystem }, update, evidence: before ? null : String(breaker.lastFailure) };
}

/** Tells the incident of a breaker that closed that it did, and what is awaited before it is closed itself. */
async function tellRecovery(
  repository: Repository,
  ecosystem: Ecosystem,
  { kind, breaker }: Transition,
  { run, before, policy }: { readonly run: string; readonly before: boolean; readonly policy: BreakerPolicy },
  { incidents }: Services,
): Promise<void> {
  if (breaker.state !== "closed" || isProvenWell(breaker, policy)) return;
  const closedIt = kind === "closed" || (before && breaker.trips > 0 && wasGood(breaker, run));
  if (!closedIt) return;
  const issue = await incidents.find(repository, { kind: "breaker", ecosystem });
  if (issue === null) return;
  const update: IncidentUpdate = { key: run, text: breakerRecovers(ecosystem, run), kind: "recovered" };
  await incidents.update(repository, issue, issue.severity ?? "medium", update);
}

function wasGood({ window }: Breaker, run: string): boolean {
  return window.some((sample) => sample.run === run && sample.ok > 0);
}

/** What a run did to a breaker that its open incident does not say yet. */
type News = "opened" | "reopened" | null;

function newsOf(kind: Transition["kind"]): News {
  return kind === "opened" || kind === "reopened" ? kind : null;
}

/** As above for a run that was counted before, as far as the breaker shows it: nothing else has failed since. */
function newsBefore({ trips, lastFailure, window }: Breaker, run: string): News {
  if (!window.some((sample) => sample.run === run && sample.at === lastFailure)) return null;
  return trips > 1 ? "reopened" : "opened";
}

interface OpenBreaker extends FailingRun {
  readonly ecosystem: Ecosystem;
  readonly breaker: Breaker;
  readonly impact: RunImpact;
  readonly spared: readonly Ecosystem[];
  readonly news: News;
  readonly before: boolean;
}

async function keepOpen(
  repository: Repository,
  control: Control,
  opened: OpenBreaker,
  services: Services,
): Promise<void> {
  const { ecosystem, breaker, run, failures, impact, spared, news, before } = opened;
  const { incidents, store, now } = services;
  const configuration = await store.settings(repository);
  const policy = breakerPolicy(configuration);
  const { open: issue, earlier } = await incidents.look(repository, { kind: "breaker", ecosystem });
  if (issue === null) {
    const [looked, causes] = await Promise.all([
      investigate(repository, configuration.workflows, now()),
      causesOfOpening(repository, { ecosystem, breaker, latest: { run, failures } }, services),
    ]);
    const { breakers } = control;
    const { url: repositoryUrl } = repository;
    const facts = { ecosystem, breaker, policy, breakers, repositoryUrl, causes, spared, impact, ...looked };
    await incidents.open(repository, { ...breakerIncident(facts), before: failuresBefore(breaker) }, earlier);
    return;
  }
  const { severity } = classifyBreaker(ecosystem, breaker, news === null ? NO_IMPACT : impact, policy);
  const gravest = issue.severity === null ? severity : graver(severity, issue.severity);
  if (news === null || (before && news === "opened" && isOfThisOpening(issue, breaker))) {
    // An outcome that came late may have shown an opening that nobody had known of.
    if (gravest === issue.severity) return;
    const text = breakerFoundWorse(ecosystem, breaker, gravest);
    await incidents.update(repository, issue, gravest, { key: `late:${run}`, text });
    return;
  }
  const causes = addRun(causesIn(issue.body), run, failures);
  const body = replaceCauses(issue.body, causesSection(ecosystem, causes));
  const text =
    news === "opened"
      ? breakerOpenedAgain(ecosystem, breaker, policy)
      : breakerWorse(ecosystem, breaker, policy, causes);
  await incidents.update(repository, issue, gravest, { key: run, text }, body);
}

/** Whether an incident is the one that the opening itself made: then there is nothing to add to it. */
function isOfThisOpening({ openedAt }: IncidentIssue, { lastFailure }: Breaker): boolean {
  return openedAt !== null && lastFailure !== null && openedAt >= lastFailure;
}
