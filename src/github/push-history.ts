import PQueue from "p-queue";
import { type Instant, parseInstant } from "../domain/instant.ts";
import { isMissing } from "./failure.ts";
import { at, type Repository } from "./repository.ts";

/** A push to the default branch, or a merge onto it, as GitHub remembers it. */
export interface PastPush {
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  /** Whoever pushed, which GitHub has authenticated; null when the account is gone. */
  readonly sender: { readonly login: string; readonly id: number; readonly type: string } | null;
  readonly at: Instant;
}

const MOST_PAGES = 5;

/** What moves a branch that was there before. */
const MOVES: ReadonlySet<string> = new Set(["push", "force_push", "pr_merge", "merge_queue_merge"]);

/**
 * The pushes to the default branch since a moment, newest first: one call for every hundred, 500 at most. GitHub keeps them
 * for longer than it keeps deliveries (GitHub documentation, "List repository activities").
 */
export async function pushesSince(repository: Repository, since: Instant): Promise<readonly PastPush[]> {
  const { octokit, defaultBranch } = repository;
  const pushes: PastPush[] = [];
  let pages = 0;
  for await (const { data } of octokit.paginate.iterator(octokit.rest.repos.listActivities, {
    ...at(repository),
    ref: `refs/heads/${defaultBranch}`,
    per_page: 100,
  })) {
    const listed = data.map(({ activity_type, actor, before, after, timestamp }) => ({
      before,
      after,
      isMove: MOVES.has(activity_type),
      forced: activity_type === "force_push",
      sender: actor,
      at: parseInstant(timestamp) ?? 0,
    }));
    const recent = listed.filter(({ at: pushed }) => pushed > since);
    pushes.push(...recent.filter(({ isMove }) => isMove));
    pages += 1;
    if (recent.length < listed.length || pages === MOST_PAGES) break;
  }
  return pushes;
}

/** The commits of a push, each with the paths that it touched. */
export interface PushedPaths {
  readonly commits: readonly { readonly id: string; readonly paths: readonly string[] }[];
  /** Whether there are more. */
  readonly cut: boolean;
}

/** Each is a call. */
const MOST_COMMITS = 50;
// GitHub allows 100 requests at a time in all (GitHub documentation, "Rate limits for the REST API").
const READ_AT_ONCE = 8;

/**
 * What a push brought of which nothing but its ends is known: one call, and one for each commit. What is not there any more,
 * because the history was rewritten again since, cannot be told: then there are no commits, and it is cut.
 */
export async function readPushedPaths(
  repository: Repository,
  { before, after }: Pick<PastPush, "before" | "after">,
): Promise<PushedPaths> {
  const { repos } = repository.octokit.rest;
  try {
    const { data } = await repos.compareCommitsWithBasehead({
      ...at(repository),
      basehead: `${before}...${after}`,
      per_page: MOST_COMMITS,
    });
    const readers = new PQueue({ concurrency: READ_AT_ONCE });
    const commits = await readers.addAll(
      data.commits.map(({ sha: id }) => async () => ({ id, paths: await pathsOf(repository, id) })),
    );
    return { commits, cut: data.total_commits > commits.length };
  } catch (error) {
    if (isMissing(error)) return { commits: [], cut: true };
    throw error;
  }
}

/** GitHub shows no more than 3,000 files of a commit, 300 at once (GitHub documentation, "Get a commit"). */
const MOST_FILE_PAGES = 10;

async function pathsOf(repository: Repository, ref: string): Promise<readonly string[]> {
  const paths = new Set<string>();
  for (let page = 1; page <= MOST_FILE_PAGES; page += 1) {
    const { data, headers } = await repository.octokit.rest.repos.getCommit({ ...at(repository), ref, page });
    for (const { filename, previous_filename: renamed } of data.files ?? []) {
      paths.add(filename);
      if (renamed !== undefined) paths.add(renamed);
    }
    if (!headers.link?.includes('rel="next"')) break;
  }
  return [...paths];
}
