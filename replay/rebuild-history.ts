import { Probot } from "probot";
import { createOctokitClass } from "../src/github/octokit.ts";
import type { Repository } from "../src/github/repository.ts";
import { type LocalGitHub, startLocalGitHub } from "../test/github/local-github.ts";
import type { RollbackCase } from "./rollback-case.ts";

const FULL_NAME = "acme/recipes";
const PIPELINE = "pipeline";

/** A local GitHub that holds the history of one case. */
export interface RebuiltHistory extends AsyncDisposable {
  readonly repository: Repository;
  /** The commits that brought the batch to the default branch. */
  readonly landings: readonly string[];
  /** How many calls were made for it so far, without that for a token. */
  calls(): number;
}

/**
 * Builds what is recorded of a case: a pull request for every commit of the batch, with the real messages and days, squashed
 * as it was or not merged; then what others did to its recipes until today.
 */
export async function rebuildHistory(recorded: RollbackCase): Promise<RebuiltHistory> {
  const github = await startLocalGitHub();
  github.createRepository({
    owner: "acme",
    name: "recipes",
    files: {
      "README.md": "recipes\n",
      "batch-control.json": "{}\n",
      "recipes/o/other.toml": "[metadata]\nname = 'other'\n",
    },
    collaborators: { [PIPELINE]: "write", maintainer: "write" },
  });
  const begun = new Set(github.commits(FULL_NAME).map(({ sha }) => sha));
  const merges = new Set<string>();
  for (const commit of recorded.commits) importBatch(github, recorded, commit, merges);
  const landings = github
    .commits(FULL_NAME)
    .filter(({ sha }) => !begun.has(sha))
    .map(({ sha }) => sha);
  importToday(github, recorded);
  const repository = await repositoryAt(github);
  return {
    repository,
    landings,
    calls: () => github.log.filter(({ path }) => !path.startsWith("/app")).length,
    [Symbol.asyncDispose]: () => github.close(),
  };
}

function importBatch(
  github: LocalGitHub,
  recorded: RollbackCase,
  { date, subject, merged_as }: RollbackCase["commits"][number],
  merges: Set<string>,
): void {
  const isMerged = merged_as !== null && !merges.has(merged_as);
  if (isMerged) merges.add(merged_as);
  const files = isMerged ? mergedFiles(recorded, merged_as) : unmergedFiles(recorded);
  const [mergedAt = date, , ...message] = (isMerged ? (recorded.squash_messages[merged_as] ?? "") : "").split("\n");
  const stamp = new Date(date).toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  github.importPullRequest(FULL_NAME, {
    title: message[0] ?? subject,
    branch: `batch/${stamp}`,
    message: recorded.branch_message.replace(/^.*/, subject),
    files,
    author: PIPELINE,
    createdAt: new Date(date).toISOString(),
    squash: isMerged ? { message: message.join("\n"), date: new Date(mergedAt).toISOString() } : null,
  });
}

function mergedFiles({ paths }: RollbackCase, sha: string): Record<string, string> {
  const own = Object.entries(paths).filter(([, { merged_in }]) => merged_in !== null && sha.startsWith(merged_in));
  return Object.fromEntries(own.map(([path, { merged_content = "" }]) => [path, merged_content]));
}

/** Of a batch that was never merged only its paths are recorded. */
function unmergedFiles({ paths }: RollbackCase): Record<string, string> {
  const never = Object.entries(paths).filter(([, { merged_in }]) => merged_in === null);
  return Object.fromEntries([
    ["data/failures/homebrew.jsonl", "{}\n"],
    ...never.map(([path]) => [path, "never merged\n"]),
  ]);
}

function importToday(github: LocalGitHub, { paths }: RollbackCase): void {
  const today = Object.entries(paths).flatMap(([path, recorded]) => {
    const text = todaysText(recorded);
    return text === undefined ? [] : [[path, text] as const];
  });
  if (today.length === 0) return;
  github.importCommit(FULL_NAME, {
    files: Object.fromEntries(today),
    message: "refactor(recipes): what happened until today",
    date: "2026-08-19T00:00:00Z",
    author: "maintainer",
  });
}

/** What somebody made of a path; null when they removed it, undefined when nobody touched it. */
function todaysText({ today, today_content }: RollbackCase["paths"][string]): string | null | undefined {
  switch (today) {
    case "modified":
    case "never-merged-but-path-on-main":
      return today_content ?? "";
    case "gone":
      return null;
    case "present-unchanged":
    case "never-merged-absent":
      return undefined;
  }
}

/** The repository as the app's installation sees it. */
async function repositoryAt(github: LocalGitHub): Promise<Repository> {
  const { appId, privateKey, webhookSecret } = github.app;
  const Octokit = createOctokitClass({ sleep: async () => {}, now: Date.now, random: Math.random, count: () => {} });
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl: github.url,
    logLevel: "fatal",
    Octokit,
  });
  const app = await probot.auth();
  const { data: installations } = await app.rest.apps.listInstallations();
  const octokit = await probot.auth(installations[0]?.id ?? 0);
  const [owner = "", name = ""] = FULL_NAME.split("/");
  const url = `${github.url}/${FULL_NAME}`;
  return { octokit, owner, name, fullName: FULL_NAME, url, defaultBranch: "main", urgency: "command" };
}
