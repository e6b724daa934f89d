import { isResolved } from "../domain/incidents/clock.ts";
import { assignmentEntries } from "../domain/incidents/participation.ts";
import { quote } from "../domain/quote.ts";
import { type IncidentIssue, readIncident } from "../github/incident-issue.ts";
import { readMarker } from "../github/marker.ts";
import { type Repository, repositoryOf } from "../github/repository.ts";
import { watchIncident } from "./incidents/incident-timer.ts";
import type { IssueAction } from "./occurrence.ts";
import type { IssuesPayload } from "./payload.ts";
import type { Services } from "./services.ts";

/**
 * Something happened to an issue. When it is an incident of this app's, its timer is set by what the event tells, without a
 * call; what a person did to it is written into its log. All else costs nothing.
 */
export async function onIssue(action: IssueAction, payload: IssuesPayload, services: Services): Promise<void> {
  if (readMarker(payload.issue.body, "incident") === null) return;
  const own = await services.botLogin();
  const told = readIncident(payload.issue, own);
  if (told === null) return;
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "housekeeping");
  const isOurs = action === "opened" || action === "edited" || payload.sender.login === own;
  const issue = isOurs ? told : await noteAction(action, repository, payload, services);
  if (issue !== null) await watchIncident(payload, repository, issue, services);
}

/** What a person did, written into the log as it stands now. */
async function noteAction(
  action: IssueAction,
  repository: Repository,
  { issue: { number }, sender }: IssuesPayload,
  services: Services,
): Promise<IncidentIssue | null> {
  const { incidents, now } = services;
  const issue = await incidents.read(repository, number);
  if (issue === null) return null;
  switch (action) {
    case "closed":
      if (!issue.isOpen) await resolveByHand(repository, issue, sender.login, services);
      return issue;
    case "reopened": {
      if (!isResolved(issue.log.entries)) return issue;
      const key = `reopened:${issue.log.entries.filter(({ kind }) => kind === "reopened").length + 1}`;
      return incidents.record(repository, issue, [{ at: now(), kind: "reopened", key, by: sender.login, words: "" }]);
    }
    default:
      return incidents.record(repository, issue, assignmentEntries(issue.assignees, now()));
  }
}

/** What follows when a person has closed an incident with GitHub's button: the same as by the command. Once. */
export async function resolveByHand(
  repository: Repository,
  issue: IncidentIssue,
  by: string,
  { incidents }: Services,
): Promise<void> {
  if (isResolved(issue.log.entries)) return;
  const text = `Closed by ${by === "" ? "hand" : quote(by, 40)}.`;
  await incidents.resolve(repository, issue, { key: `by-hand:${issue.closedAt}`, text }, by, "closed by hand");
}
