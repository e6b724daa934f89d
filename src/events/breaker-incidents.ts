import { breakerPolicy } from "../config/policy.ts";
import type { Breaker } from "../domain/breaker/breaker.ts";
import { chargedFailures } from "../domain/breaker/charge-run.ts";
import type { Counted } from "../domain/breaker/count-run.ts";
import type { Transition } from "../domain/breaker/transition.ts";
import type { Control } from "../domain/control/control.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import {
  breakerFoundWorse,
  breakerIncident,
  breakerIsClosed,
  breakerOpenedAgain,
  breakerRecovered,
  breakerSeverity,
  breakerWorse,
} from "../domain/incidents/breaker-incident.ts";
import { causesIn, causesSection, replaceCauses } from "../domain/incidents/causes-section.ts";
import { graver } from "../domain/incidents/incident.ts";
import { addRun } from "../domain/results/causes.ts";
import type { IncidentIssue, OverCause } from "../github/incident-issue.ts";
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
  const results = report.results(await services.store.settings(repository));
  const transitions = [...counted.transitions];
  const over = transitions.flatMap(([ecosystem, transition]) => overCause(ecosystem, transition, run, counted) ?? []);
  const open = transitions.filter(([, { breaker }]) => breaker.state !== "closed");
  await Promise.all([
    services.incidents.closeOver(repository, over),
    ...open.map(([ecosystem, { kind, breaker }]) => {
      const news = counted.before ? newsBefore(breaker, run) : newsOf(kind);
      const failures = chargedFailures(results, counted.spared, ecosystem);
      const { before, spared } = counted;
      return keepOpen(repository, control, { ecosystem, breaker, run, failures, spared, news, before }, services);
    }),
  ]);
}

/**
 * What is over when a breaker is closed: at its closing, when its run comes again, and at every success after that, in case
 * the closing of its incident failed. An opening takes a failure, so as long as the last failure is the same no other
 * incident can have been opened, and nothing has to be asked of GitHub.
 */
function overCause(
  ecosystem: Ecosystem,
  { kind, breaker }: Transition,
  run: string,
  { before }: Counted,
): OverCause | null {
  const { state, failures, lastFailure, trips, window } = breaker;
  if (state !== "closed" || (failures > 0 && kind !== "closed" && !before)) return null;
  const isNews = kind === "closed" || before;
  const closedIt = kind === "closed" || (trips > 0 && window.some((sample) => sample.run === run && sample.ok > 0));
  const text = isNews && closedIt ? breakerRecovered(ecosystem, run) : breakerIsClosed(ecosystem);
  return {
    cause: { kind: "breaker", ecosystem },
    update: { key: run, text },
    evidence: isNews ? null : String(lastFailure),
  };
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
  const { ecosystem, breaker, run, failures, spared, news, before } = opened;
  const { incidents, store, now } = services;
  const configuration = await store.settings(repository);
  const policy = breakerPolicy(configuration);
  const issue = await incidents.find(repository, { kind: "breaker", ecosystem });
  if (issue === null) {
    const [looked, causes] = await Promise.all([
      investigate(repository, configuration.workflows, now()),
      causesOfOpening(repository, { ecosystem, breaker, latest: { run, failures } }, services),
    ]);
    const { breakers } = control;
    const facts = { ecosystem, breaker, policy, breakers, repositoryUrl: repository.url, causes, spared, ...looked };
    await incidents.open(repository, breakerIncident(facts));
    return;
  }
  const severity = breakerSeverity(ecosystem, breaker, policy);
  const gravest = issue.severity === null ? severity : graver(severity, issue.severity);
  if (news === null || (before && news === "opened" && isOfThisOpening(issue, breaker))) {
    // An outcome that came late may have shown an opening that nobody had known of.
    if (gravest === issue.severity) return;
    const text = breakerFoundWorse(ecosystem, breaker, gravest);
    return incidents.update(repository, issue, gravest, { key: `late:${run}`, text });
  }
  const causes = addRun(causesIn(issue.body), run, failures);
  const body = replaceCauses(issue.body, causesSection(ecosystem, causes));
  if (body !== issue.body) await incidents.rewrite(repository, issue, body);
  const text =
    news === "opened"
      ? breakerOpenedAgain(ecosystem, breaker, policy)
      : breakerWorse(ecosystem, breaker, policy, causes);
  await incidents.update(repository, issue, gravest, { key: run, text });
}

/** Whether an incident is the one that the opening itself made: then there is nothing to add to it. */
function isOfThisOpening({ openedAt }: IncidentIssue, { lastFailure }: Breaker): boolean {
  return openedAt !== null && lastFailure !== null && openedAt >= lastFailure;
}
