import { batchPlace } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import { MINUTE } from "../../domain/instant.ts";
import type { Repository } from "../../github/repository.ts";
import { CONFIGURATION_PATH } from "../../github/snapshot.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { PUSH_LOOK } from "../occurrence.ts";
import type { PushPayload } from "../payload.ts";
import type { Services } from "../services.ts";
import type { PushLookPayload } from "./payload.ts";

/** GitHub tells of a push before it knows for sure which pull request its commits came by. */
const LOOK_AFTER = MINUTE;

/** GitHub lists at most so many commits of a push. */
const MOST_LISTED = 2048;

/** What of a repository is watched, beside its recipes. */
export interface WatchedFiles {
  /** The folder of the recipes with its slash. */
  readonly recipes: string;
  readonly workflows: ReadonlySet<string>;
  readonly controlFile: string;
}

/** The paths that a configuration has watched. */
export function watchedFiles(settings: Configuration): WatchedFiles {
  return {
    recipes: `${batchPlace(settings).recipes}/`,
    workflows: new Set(settings.workflows.map((file) => `.github/workflows/${file}`)),
    controlFile: settings.control_file,
  };
}

/**
 * Has pushes looked into that touched what is watched, once GitHub knows how their commits came. A push that did not, and
 * what this app pushed itself, costs no call; nor does what reconciliation found, because GitHub sends a lost push again.
 */
export async function watchPushes(
  pushes: readonly PushPayload[],
  repository: Repository,
  settings: Configuration,
  services: Services,
): Promise<void> {
  const files = watchedFiles(settings);
  for (const push of pushes) {
    const body = lookOf(push, repository, files, services.now());
    if (body === null) continue;
    if (body.sender.type === "Bot" && body.sender.login === (await services.botLogin()) && isOwnWriting(body, files))
      continue;
    const lane = laneOf(repository.fullName);
    const timer = { key: `${PUSH_LOOK}:${lane}:${push.after}`, lane, event: PUSH_LOOK, body: JSON.stringify(body) };
    await services.inbox.schedule([{ ...timer, at: body.at + LOOK_AFTER }], "keep");
  }
}

/** What there is to look into; null when nothing is. */
function lookOf(push: PushPayload, repository: Repository, files: WatchedFiles, at: number): PushLookPayload | null {
  const { ref, before, after, deleted, forced, installation, sender } = push;
  if (deleted || ref !== `refs/heads/${repository.defaultBranch}` || /^0*$/.test(before)) return null;
  const isWatched = (path: string) =>
    path.startsWith(files.recipes) ||
    files.workflows.has(path) ||
    path === files.controlFile ||
    path === CONFIGURATION_PATH;
  const commits = push.commits.flatMap(({ id, added, modified, removed }) => {
    const paths = [...new Set([...added, ...modified, ...removed])].filter(isWatched);
    return paths.length === 0 ? [] : [{ id, paths }];
  });
  const cut = push.commits.length >= MOST_LISTED;
  if (commits.length === 0 && !forced && !cut) return null;
  const { login = "somebody", type = "User" } = sender ?? {};
  return {
    installation,
    repository: push.repository,
    before,
    after,
    forced,
    cut,
    sender: { login, type },
    at,
    commits,
  };
}

/** The control file is what this app writes to the default branch; all else of it comes by pull request. */
function isOwnWriting({ commits, forced }: PushLookPayload, { controlFile }: WatchedFiles): boolean {
  return !forced && commits.every(({ paths }) => paths.every((path) => path === controlFile));
}
