import { clockPolicy } from "../../config/policy.ts";
import { batchStep, type ClockStep, dueStep, readClock } from "../../domain/incidents/clock.ts";
import { sayStep } from "../../domain/incidents/clock-words.ts";
import { UNCLASSIFIED } from "../../domain/incidents/incident.ts";
import { assignmentEntries } from "../../domain/incidents/participation.ts";
import type { Instant } from "../../domain/instant.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { resolveByHand } from "../issue.ts";
import type { IncidentDuePayload } from "../payload.ts";
import type { Services } from "../services.ts";
import { noteThread } from "./incident-thread.ts";
import { watchIncident } from "./incident-timer.ts";

/**
 * The timer of an incident: reminds, escalates, or ends an acknowledgement. Before anybody is called, the thread and the
 * assignments are looked at, because whatever says that somebody is on it may have been missed. The state decides, not the
 * timer: one that comes early, late or twice does what is to be done now.
 */
export async function onIncidentDue(event: IncidentDuePayload, services: Services): Promise<void> {
  const { incidents, now } = services;
  const octokit = await services.octokitOf(event.installation.id);
  const repository = repositoryOf(event.repository, octokit, "command");
  const found = await incidents.read(repository, event.issue);
  if (found === null) return;
  if (!found.isOpen) return resolveByHand(repository, found, "", services);
  let issue = await incidents.record(repository, found, assignmentEntries(found.assignees, now()));
  const stepNow = () => stepOf(repository, issue, event.batch, services);
  if ((await stepNow()) !== null) issue = await noteThread(repository, issue, services);
  const step = await stepNow();
  if (step !== null) issue = await take(repository, issue, step, services);
  // What is due besides is due at once, and comes by itself.
  await watchIncident(event, repository, issue, services);
}

async function stepOf(
  repository: Repository,
  { log, severity }: IncidentIssue,
  batch: Instant | null,
  { store, now }: Services,
): Promise<ClockStep | null> {
  const clock = readClock(log, severity ?? UNCLASSIFIED, clockPolicy(await store.settings(repository)));
  return dueStep(clock, severity ?? UNCLASSIFIED, now()) ?? (batch === null ? null : batchStep(clock, batch));
}

/** Says what is due, then writes down that it was said: a process that dies in between says nothing twice. */
async function take(
  repository: Repository,
  issue: IncidentIssue,
  step: ClockStep,
  { incidents, store, now }: Services,
): Promise<IncidentIssue> {
  const severity = issue.severity ?? UNCLASSIFIED;
  const said = sayStep(step, severity, clockPolicy(await store.settings(repository)), now());
  await incidents.say(repository, issue, said);
  return incidents.record(repository, issue, said.entries, step.kind === "escalate" ? step.severity : severity);
}
