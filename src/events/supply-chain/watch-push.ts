import { batchPlace } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import { MINUTE, parseInstant } from "../../domain/instant.ts";
import type { PushedPaths } from "../../github/push-history.ts";
import type { Repository } from "../../github/repository.ts";
import { CONFIGURATION_PATH } from "../../github/snapshot.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { PUSH_LOOK } from "../occurrence.ts";
import type { PushPayload } from "../payload.ts";
import { filesOf, MOST_LISTED } from "../push.ts";
import type { Services } from "../services.ts";
import type { PushLookPayload } from "./payload.ts";

/** GitHub tells of a push before it knows for sure which pull request its commits came by. */
const LOOK_AFTER = MINUTE;

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

/** Names a push to the default branch of a repository: a branch may be led to the same commit again. */
export function pushKey(fullName: string, { before, after }: Pick<PushPayload, "before" | "after">): string {
  return `${laneOf(fullName)}:${before}:${after}`;
}

/**
 * Has pushes looked into that touched what is watched, once GitHub knows how their commits came. A push that did not, and
 * what this app pushed itself, costs no call. Of what reconciliation found it is not told, and the look finds out.
 */
export async function watchPushes(
  pushes: readonly PushPayload[],
  repository: Repository,
  settings: Configuration,
  services: Services,
): Promise<void> {
  const files = watchedFiles(settings);
  for (const push of pushes) {
    if (!isMove(push, repository)) continue;
    const body = lookOf(push, files, services.now());
    if (body !== null && !(await isOwnWriting(body, files, services))) {
      const lane = laneOf(repository.fullName);
      const key = `${PUSH_LOOK}:${pushKey(repository.fullName, push)}`;
      const at = body.at + Math.min(LOOK_AFTER, services.reconcileInterval);
      const timer = { key, lane, event: PUSH_LOOK, body: JSON.stringify(body), at };
      await services.inbox.schedule([timer], "keep");
    }
    services.heardPushes.add(pushKey(repository.fullName, push));
  }
}

/** Whether a push moved the default branch from somewhere known. */
function isMove({ ref, before, deleted }: PushPayload, { defaultBranch }: Repository): boolean {
  return !deleted && ref === `refs/heads/${defaultBranch}` && !/^0*$/.test(before);
}

/** What there is to look into; null when nothing is. */
function lookOf(push: PushPayload, files: WatchedFiles, now: number): PushLookPayload | null {
  const { before, after, forced, installation, repository, isWhole, sender } = push;
  const { login = "somebody", type = "User" } = sender ?? {};
  const commits = isWhole ? watchedPaths(push.commits.map(touched), files) : null;
  const cut = push.commits.length >= MOST_LISTED;
  if (commits?.length === 0 && !forced && !cut) return null;
  const at = parseInstant(push.pushed_at) ?? now;
  return { installation, repository, before, after, forced, cut, sender: { login, type }, at, commits };
}

function touched(commit: PushPayload["commits"][number]): PushedPaths["commits"][number] {
  return { id: commit.id, paths: [...new Set(filesOf(commit))] };
}

/** Of some commits those that touched what is watched, with these paths alone. */
export function watchedPaths(commits: PushedPaths["commits"], files: WatchedFiles): PushedPaths["commits"] {
  const isWatched = (path: string) =>
    path.startsWith(files.recipes) ||
    files.workflows.has(path) ||
    path === files.controlFile ||
    path === CONFIGURATION_PATH;
  return commits.flatMap(({ id, paths }) => {
    const watched = paths.filter(isWatched);
    return watched.length === 0 ? [] : [{ id, paths: watched }];
  });
}

/** The control file is what this app writes to the default branch; all else of it comes by pull request. */
async function isOwnWriting(
  { commits, forced, sender }: PushLookPayload,
  { controlFile }: WatchedFiles,
  { botLogin }: Services,
): Promise<boolean> {
  const isBot = sender.type === "Bot" && sender.login === (await botLogin());
  return isBot && !forced && commits?.every(({ paths }) => paths.every((path) => path === controlFile)) === true;
}
