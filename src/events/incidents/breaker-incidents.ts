import { breakerPolicy } from "../../config/policy.ts";
import type { Breaker, BreakerPolicy } from "../../domain/breaker/breaker.ts";
import { chargedFailures } from "../../domain/breaker/charge-run.ts";
import type { Counted } from "../../domain/breaker/count-run.ts";
import type { Transition } from "../../domain/breaker/transition.ts";
import type { Control } from "../../domain/control/control.ts";
import type { Ecosystem } from "../../domain/ecosystem.ts";
import { breakerRecovered, breakerRecovers, isProvenWell } from "../../domain/incidents/breaker-recovery.ts";
import { impactOf } from "../../domain/incidents/classify-breaker.ts";
import type { IncidentUpdate } from "../../domain/incidents/course.ts";
import { ailing } from "../../domain/incidents/group.ts";
import type { OverCause } from "../../github/incident-closing.ts";
import type { Repository } from "../../github/repository.ts";
import { attemptOf, type RunReport } from "../../github/run-report.ts";
import type { Services } from "../services.ts";
import { keepOpen, type News } from "./breaker-opening.ts";

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
  const open = transitions.filter(
    ([, { breaker }]) => breaker.state !== "closed" && !(counted.before && wasTripped(breaker)),
  );
  // One after the other: several ecosystems may have one incident, and what opened in the same run becomes one.
  await services.incidents.closeOver(repository, over);
  for (const [ecosystem, transition] of transitions)
    await tellRecovery(repository, ecosystem, transition, { run, before: counted.before, policy }, services);
  for (const [ecosystem, { kind, breaker }] of open) {
    const news = counted.before ? newsBefore(breaker, run) : newsOf(kind);
    const failures = chargedFailures(results, counted.spared, ecosystem);
    const impact = impactOf(results, failures, policy);
    const { before, spared } = counted;
    const opened = { ecosystem, breaker, run, failures, impact, spared, news, before };
    await keepOpen(repository, control, opened, services);
  }
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
  const update: IncidentUpdate = { key: `${latest}:well:${ecosystem}`, text: breakerRecovered(ecosystem, breaker) };
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
  const others = ailing(issue.members).filter((name) => name !== ecosystem);
  const update: IncidentUpdate = {
    key: `${run}:recovers:${ecosystem}`,
    text: breakerRecovers(ecosystem, run, others),
    kind: "recovered",
  };
  await incidents.update(repository, issue, issue.severity ?? "medium", update);
}

/** Opened by an operator, and never by itself: what a run that was counted before tells is older, and needs no incident. */
function wasTripped({ trips }: Breaker): boolean {
  return trips === 0;
}

function wasGood({ window }: Breaker, run: string): boolean {
  return window.some((sample) => sample.run === run && sample.ok > 0);
}

function newsOf(kind: Transition["kind"]): News {
  return kind === "opened" || kind === "reopened" ? kind : null;
}

/** As above for a run that was counted before, as far as the breaker shows it: nothing else has failed since. */
function newsBefore({ trips, lastFailure, window }: Breaker, run: string): News {
  if (!window.some((sample) => sample.run === run && sample.at === lastFailure)) return null;
  return trips > 1 ? "reopened" : "opened";
}
