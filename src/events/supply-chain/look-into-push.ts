import { aliasesOf } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import { MINUTE } from "../../domain/instant.ts";
import { judgeControl, movesBreakers } from "../../domain/supply-chain/judge-control.ts";
import { judgeFile } from "../../domain/supply-chain/judge-file.ts";
import { judgePush, type PushedCommit } from "../../domain/supply-chain/judge-push.ts";
import { addedHosts, type FileChange, hostsIn, judgeRecipe } from "../../domain/supply-chain/judge-recipe.ts";
import type { Finding } from "../../domain/supply-chain/rule.ts";
import { readFileChanges } from "../../github/file-change.ts";
import { traceCommits } from "../../github/provenance.ts";
import { type PushedPaths, readPushedPaths } from "../../github/push-history.ts";
import { recipeTextsAt } from "../../github/recipe-text.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { latestRuns } from "../../github/run-history.ts";
import { CONFIGURATION_PATH } from "../../github/snapshot.ts";
import type { Services } from "../services.ts";
import { announcePush } from "./announce.ts";
import type { PushLookPayload } from "./payload.ts";
import { type WatchedFiles, watchedFiles, watchedPaths } from "./watch-push.ts";

/** Recipes that one look reads: ten calls. The real pipeline's largest change touched 941. */
const MOST_RECIPES = 1000;
const MOST_COMMITS = 200;

/** The control file is written some minutes after the run that it is about. */
const AFTER_A_RUN = 30 * MINUTE;

/**
 * Looks into a push that touched what is watched: traces its commits to merged pull requests, judges what they changed, and
 * announces what breaks a rule. Two GraphQL calls at once, more for over fifty commits or a hundred files; two more where a
 * recipe names a new host; one for each batch workflow where somebody moved a breaker.
 */
export async function lookIntoPush(told: PushLookPayload, services: Services): Promise<void> {
  const octokit = await services.octokitOf(told.installation.id);
  const repository = repositoryOf(told.repository, octokit, "housekeeping");
  const settings = await services.store.settings(repository);
  const files = watchedFiles(settings);
  const payload = await whole(told, repository, files);
  if (payload.commits.length === 0 && !payload.forced && !payload.cut) return;
  const paths = [...new Set(payload.commits.flatMap(({ paths }) => paths))];
  const recipes = paths.filter((path) => isRecipe(path, files));
  const read = [...paths.filter((path) => !path.startsWith(files.recipes)), ...recipes.slice(0, MOST_RECIPES)];
  const [traced, changes] = await Promise.all([
    traceCommits(
      repository,
      payload.commits.slice(0, MOST_COMMITS).map(({ id }) => id),
    ),
    readFileChanges(repository, payload, read),
  ]);
  const commits = traced.map((commit, index): PushedCommit & { readonly paths: readonly string[] } => {
    const touched = payload.commits[index]?.paths ?? [];
    return { ...commit, paths: touched, recipes: touched.filter((path) => path.startsWith(files.recipes)) };
  });
  const { before, after, forced: isForced, sender } = payload;
  const direct = commits.filter(({ provenance }) => provenance.kind !== "merged");
  const byHand = new Set(direct.flatMap(({ paths }) => paths));
  const provenance = [
    ...judgePush({ actor: sender.login, isForced, before, after, commits }),
    ...leftOut(payload, recipes),
    ...(await judgeRecipes(
      repository,
      before,
      changes.filter(({ path }) => isRecipe(path, files)),
      files,
    )),
  ];
  const touched = changes.filter(({ path }) => byHand.has(path));
  const tamper = await judgeSensitive(repository, payload, touched, settings);
  const unreviewed = recipes.filter((path) => byHand.has(path));
  await announcePush(repository, payload, { provenance, tamper, unreviewed }, services);
}

/** A push of which the commits are known. */
type WholePush = Omit<PushLookPayload, "commits"> & PushedPaths;

/** Of a push that reconciliation found it is not told what it brought: that is read. */
async function whole(told: PushLookPayload, repository: Repository, files: WatchedFiles): Promise<WholePush> {
  const { commits } = told;
  if (commits !== null) return { ...told, commits };
  const read = await readPushedPaths(repository, told);
  return { ...told, commits: watchedPaths(read.commits, files), cut: told.cut || read.cut };
}

function isRecipe(path: string, { recipes }: WatchedFiles): boolean {
  return path.startsWith(recipes) && path.endsWith(".toml");
}

function leftOut({ cut, commits, after }: WholePush, recipes: readonly string[]): readonly Finding[] {
  const unchecked = (detail: string): Finding => ({ rule: "unchecked", subject: after, detail });
  return [
    ...(cut ? [unchecked("GitHub does not list all of its commits; the others were not looked at")] : []),
    ...(commits.length > MOST_COMMITS ? [unchecked(`of ${commits.length} commits, ${MOST_COMMITS} were traced`)] : []),
    ...(recipes.length > MOST_RECIPES ? [unchecked(`of ${recipes.length} recipes, ${MOST_RECIPES} were read`)] : []),
  ];
}

/** The recipes of the whole repository are read only where a change names a host that its own recipe did not name. */
async function judgeRecipes(
  repository: Repository,
  before: string,
  changes: readonly FileChange[],
  { recipes }: WatchedFiles,
): Promise<readonly Finding[]> {
  const isAsked = changes.some((change) => addedHosts(change).length > 0);
  const texts = isAsked ? await recipeTextsAt(repository, before, recipes) : null;
  const known = texts === null ? null : new Set([...texts.values()].flatMap((text) => hostsIn(text ?? "")));
  return changes.flatMap((change) => judgeRecipe(change, known));
}

async function judgeSensitive(
  repository: Repository,
  { sender, at }: PushLookPayload,
  changes: readonly FileChange[],
  settings: Configuration,
): Promise<readonly Finding[]> {
  const files = watchedFiles(settings);
  const control = changes.find(({ path }) => path === files.controlFile);
  // No person's login has brackets.
  const isBot = sender.type === "Bot" || sender.login.endsWith("[bot]");
  const mayBeRun = control !== undefined && (isBot || movesBreakers(control));
  const hadRun = mayBeRun && (await ranAbout(repository, settings, at));
  return changes.flatMap((change) => {
    if (change === control) return judgeControl(change, { isBot, hadRun, aliases: aliasesOf(settings) });
    if (files.workflows.has(change.path)) return judgeFile(change, "workflow-changed");
    return change.path === CONFIGURATION_PATH ? judgeFile(change, "configuration-changed") : [];
  });
}

/** Whether a batch ran at a moment, or had ended shortly before. */
async function ranAbout(repository: Repository, { workflows }: Configuration, at: number): Promise<boolean> {
  const runs = await latestRuns(repository, workflows, 20);
  return runs.some(
    ({ startedAt, completedAt }) =>
      startedAt !== null && startedAt <= at && (completedAt === null || completedAt + AFTER_A_RUN >= at),
  );
}
