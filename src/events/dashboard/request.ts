import type { Configuration } from "../../config/schema.ts";
import { isReversalBranch } from "../../domain/batches/batch-claim.ts";
import { type Glob, matchesPath } from "../../domain/batches/path-glob.ts";
import { readMarker } from "../../github/marker.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { CONFIGURATION_PATH } from "../../github/snapshot.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { DASHBOARD, type Occurrence } from "../occurrence.ts";
import type { PushPayload, RepositoryEvent } from "../payload.ts";
import { touchedFiles } from "../push.ts";
import type { Services } from "../services.ts";
import { isBatchRun } from "../workflow-run.ts";

/**
 * Has the dashboard of a repository looked at at a time: one timer, which whatever happens until then leaves where it is. What
 * is drawn, and whether, is decided then.
 */
export function requestDrawing(
  { installation, repository }: RepositoryEvent,
  { inbox, now }: Pick<Services, "inbox" | "now">,
  at = now(),
): Promise<void> {
  const lane = laneOf(repository.full_name);
  const body = JSON.stringify({ installation, repository });
  return inbox.schedule([{ key: `dashboard:${lane}`, lane, event: DASHBOARD, body, at }], "keep");
}

/** Has the dashboard drawn anew when something was handled that it may show, or that says whether there is to be one. */
export async function followWithDashboard(occurrences: readonly Occurrence[], services: Services): Promise<void> {
  for (const occurrence of occurrences) {
    if (!mayBeShown(occurrence)) continue;
    // Where the settings cannot be read, whoever looks at the dashboard finds out.
    if (await isShown(occurrence, services).catch(() => true)) return requestDrawing(occurrence.payload, services);
  }
}

/** Has the dashboard drawn anew where one is wanted, after something was found of which no event may have told. */
export async function followFound(event: RepositoryEvent, repository: Repository, services: Services): Promise<void> {
  if ((await services.store.settings(repository)).dashboard === "issue") await requestDrawing(event, services);
}

/** The same, after something about the open pull requests has changed, where batches are among them. */
export async function followFoundBatches(
  event: RepositoryEvent,
  branches: readonly string[],
  repository: Repository,
  services: Services,
): Promise<void> {
  const settings = await services.store.settings(repository);
  if (branches.some((branch) => isBatchBranch(branch, settings))) await followFound(event, repository, services);
}

type Shown = Extract<Occurrence, { kind: "run" | "run-started" | "push" | "issue" | "pull-changed" | "pull-closed" }>;

/** What this app does itself comes back as one of these. */
function mayBeShown(occurrence: Occurrence): occurrence is Shown {
  switch (occurrence.kind) {
    case "run":
    case "run-started":
    case "push":
    case "pull-changed":
    case "pull-closed":
      return true;
    case "issue":
      return readMarker(occurrence.payload.issue.body, "incident") !== null || isDeletedDashboard(occurrence);
    default:
      return false;
  }
}

function isDeletedDashboard({ action, payload }: Extract<Occurrence, { kind: "issue" }>): boolean {
  return action === "deleted" && readMarker(payload.issue.body, "dashboard") !== null;
}

async function isShown(occurrence: Shown, { octokitOf, store }: Services): Promise<boolean> {
  const { installation, repository: payload } = occurrence.payload;
  const repository = repositoryOf(payload, await octokitOf(installation.id), "housekeeping");
  const settings = await store.settings(repository);
  const isWanted = settings.dashboard === "issue";
  switch (occurrence.kind) {
    case "run":
    case "run-started":
      return isWanted && isBatchRun(occurrence.payload, repository, settings);
    case "push":
      return touches(
        occurrence.payload,
        repository,
        isWanted ? [settings.control_file, CONFIGURATION_PATH] : [CONFIGURATION_PATH],
      );
    case "pull-changed":
    case "pull-closed":
      return isWanted && isBatchBranch(occurrence.payload.pull_request.head.ref, settings);
    case "issue":
      return isWanted;
    default:
      return occurrence satisfies never;
  }
}

function isBatchBranch(branch: string, { gate }: Configuration): boolean {
  return isReversalBranch(branch) || matchesPath(gate.pull_requests as Glob, branch);
}

/** Whether a push changed one of the files on the default branch; one that does not tell may have. */
function touches(push: PushPayload, { defaultBranch }: Repository, paths: readonly string[]): boolean {
  if (push.deleted || push.ref !== `refs/heads/${defaultBranch}`) return false;
  const touched = touchedFiles(push);
  return touched === null || paths.some((path) => touched.has(path));
}
