import { breakerPolicy } from "../config/policy.ts";
import type { Counted } from "../domain/breaker/count-run.ts";
import type { Transition } from "../domain/breaker/transition.ts";
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
  { before, transitions }: Counted,
  run: string,
  services: Services,
): Promise<void> {
  const work = [...transitions].map(async ([ecosystem, transition]) => {
    if (transition.breaker.state !== "closed")
      return keepOpen(repository, control, ecosystem, transition, run, services);
    if (before || transition.kind === "closed") return keepClosed(repository, ecosystem, run, services);
  });
  await Promise.all(work);
}

async function keepOpen(
  repository: Repository,
  control: Control,
  ecosystem: Ecosystem,
  { kind, breaker }: Transition,
  run: string,
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
  } else if (kind === "reopened") {
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
