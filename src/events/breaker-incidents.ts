import { breakerPolicy } from "../config/policy.ts";
import type { Breaker } from "../domain/breaker/breaker.ts";
import type { Counted } from "../domain/breaker/count-run.ts";
import type { Control } from "../domain/control/control.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import {
  breakerIncident,
  breakerRecovered,
  breakerSeverity,
  breakerWorse,
} from "../domain/incidents/breaker-incident.ts";
import { investigate } from "../github/investigation.ts";
import type { Repository } from "../github/repository.ts";
import type { Services } from "./services.ts";

/**
 * Makes the incidents say what the breakers say after a run was counted: an open breaker has one open incident, a failed
 * probe is told in it, a breaker that closed closes it. It works from the state, not only from what just changed, so that
 * a run counted by a process that died right afterwards is made up for when its event comes again.
 */
export async function keepBreakerIncidents(
  repository: Repository,
  control: Control,
  counted: Counted,
  run: string,
  services: Services,
): Promise<void> {
  const work = [...counted.transitions].map(async ([ecosystem, { kind, breaker }]) => {
    if (breaker.state === "closed") {
      if (counted.before || kind === "closed") await keepClosed(repository, ecosystem, run, services);
      return;
    }
    const hasReopened = counted.before ? hasReopenedBefore(breaker, run) : kind === "reopened" || kind === "opened";
    await keepOpen(repository, control, { ecosystem, breaker, run, hasReopened }, services);
  });
  await Promise.all(work);
}

/** Whether a run that was counted before had opened the breaker once more: nothing else has failed since. */
function hasReopenedBefore({ trips, lastFailure, window }: Breaker, run: string): boolean {
  return trips > 1 && window.some((sample) => sample.run === run && sample.at === lastFailure);
}

interface OpenBreaker {
  readonly ecosystem: Ecosystem;
  readonly breaker: Breaker;
  readonly run: string;
  /** Whether the run was a probe that failed. */
  readonly hasReopened: boolean;
}

async function keepOpen(
  repository: Repository,
  control: Control,
  { ecosystem, breaker, run, hasReopened }: OpenBreaker,
  services: Services,
): Promise<void> {
  const { incidents, store, now } = services;
  const configuration = await store.settings(repository);
  const policy = breakerPolicy(configuration);
  const issue = await incidents.find(repository, { kind: "breaker", ecosystem });
  if (issue === null) {
    const looked = await investigate(repository, configuration.workflows, now());
    const facts = { ecosystem, breaker, policy, breakers: control.breakers, repositoryUrl: repository.url, ...looked };
    await incidents.open(repository, breakerIncident(facts));
  } else if (hasReopened) {
    const update = { key: run, text: breakerWorse(ecosystem, breaker, policy) };
    await incidents.update(repository, issue, breakerSeverity(breaker, policy), update);
  }
}

function keepClosed(repository: Repository, ecosystem: Ecosystem, run: string, { incidents }: Services): Promise<void> {
  return incidents.close(
    repository,
    { kind: "breaker", ecosystem },
    { key: run, text: breakerRecovered(ecosystem, run) },
  );
}
