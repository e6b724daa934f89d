import { z } from "zod";
import { batchClaim, claimedIds, claims, ROLLBACK_BRANCH, UNDO_BRANCH } from "../domain/batches/batch-claim.ts";
import { type BatchId, dayAfter } from "../domain/batches/batch-id.ts";
import type { BatchCommit, BatchPull } from "./batch-pull.ts";
import { answerShape, FIND, historyOf, MORE_COMMITS, MORE_PULLS, type PageInfo, pagesOf } from "./find-batch-query.ts";
import { OWN_LABEL } from "./pull-request.ts";
import type { Repository } from "./repository.ts";
import type { RollbackPull } from "./rollback-history.ts";

/** Where batches are looked for. */
export interface BatchPlace {
  /** Folder of the recipes without a slash at its end. */
  readonly recipes: string;
  /** How branches of batches begin, `batch/`; "" when any branch may be one. */
  readonly branches: string;
}

/** The default branch at one moment. */
export interface Tip {
  readonly sha: string;
  readonly tree: string;
  /** Tree of the folder of the recipes; null when there is none. */
  readonly recipes: string | null;
}

/** What GitHub knows of one batch. */
export interface FoundBatch {
  readonly tip: Tip;
  /** Merged, and not yet merged; oldest first. */
  readonly merged: readonly BatchPull[];
  readonly unmerged: readonly BatchPull[];
  /** Commits that brought it without a pull request, oldest first. */
  readonly commits: readonly BatchCommit[];
  /** Its rollbacks and their undoing, newest first. */
  readonly rollbacks: readonly RollbackPull[];
  readonly undos: readonly RollbackPull[];
  /** Other ids that were seen on the way. */
  readonly others: readonly BatchId[];
  /** Node ids that GraphQL mutations ask for; of the label null when the repository has none yet. */
  readonly repositoryId: string;
  readonly labelId: string | null;
}

/** A search gives a thousand results at most; more pages than this are more than a pipeline makes in three days. */
const MOST_PAGES = 5;

// A batch is named on the day its run begins, in the pipeline's own time zone, and its pull request is opened when the run
// is done. Merged it may be much later, so that the search is by the day it was opened. The history of the default branch
// is read besides, because the search index lags and knows no commits that came without a pull request.
const DAYS_BEFORE = 1;
const DAYS_AFTER = 2;

/**
 * Finds what brought a batch to the default branch, what of it did not get there, and what took it back: one GraphQL call,
 * and one more for every fifty batches or commits around the day. No index is kept: this is as few calls as one could save.
 * @throws GitHub's own errors, and zod's for an answer of another shape.
 */
export async function findBatch(
  repository: Repository,
  id: BatchId,
  { recipes, branches }: BatchPlace,
): Promise<FoundBatch> {
  const since = `${dayAfter(id.date, -DAYS_BEFORE)}T00:00:00Z`;
  const until = `${dayAfter(id.date, DAYS_AFTER + 1)}T00:00:00Z`;
  const byBranch = `${pullsOf(repository)} ${headQuery(branches)} created:${since.slice(0, 10)}..${dayAfter(id.date, DAYS_AFTER)}`;
  const { owner, name } = repository;
  const search: Search = { repository, branches, variables: { owner, name, recipes, since, until, byBranch } };
  const answer = await ask(search, FIND, {
    byText: `${pullsOf(repository)} in:title,body "${id.text}"`,
    rollback: `${ROLLBACK_BRANCH}${id.text}`,
    undo: `${UNDO_BRANCH}${id.text}`,
    label: OWN_LABEL,
  });
  const parsed = answerShape(repository, branches).parse(answer);
  const { target } = parsed.repository.defaultBranchRef;
  const [morePulls, moreCommits] = await Promise.all([
    furtherPulls(search, parsed.byBranch.pageInfo),
    furtherCommits(search, target.oid, target.history.pageInfo),
  ]);
  const history = [...target.history.nodes, ...moreCommits];
  const pulls = uniquePulls([
    ...parsed.byBranch.nodes,
    ...morePulls,
    ...parsed.byText.nodes,
    ...history.flatMap(({ associatedPullRequests }) => associatedPullRequests.nodes),
  ]);
  const mine = pulls.filter(({ claim }) => claims(claim, id));
  const commits = history
    .filter(({ associatedPullRequests }) => associatedPullRequests.nodes.length === 0)
    .map(({ message, messageHeadline: headline, url, associatedPullRequests: _, ...landed }): BatchCommit => {
      const claim = batchClaim({ title: headline, body: "", branch: null, messages: [message] }, branches);
      return { url, headline, claim, landing: landed };
    })
    .filter((commit) => !mine.some((pull) => isRebasedFrom(commit, pull)));
  return {
    tip: {
      sha: target.oid,
      tree: target.tree.oid,
      recipes: target.file?.type === "tree" ? target.file.oid : null,
    },
    merged: mine.filter(({ state }) => state === "merged").toSorted(byMerge),
    unmerged: mine.filter(({ state }) => state !== "merged"),
    commits: commits.filter(({ claim }) => claims(claim, id)).toReversed(),
    rollbacks: parsed.repository.rollbacks.nodes,
    undos: parsed.repository.undos.nodes,
    others: [...pulls, ...commits].flatMap(({ claim }) => claimedIds(claim)).filter(({ text }) => text !== id.text),
    repositoryId: parsed.repository.id,
    labelId: parsed.repository.label?.id ?? null,
  };
}

/** One search for a batch: where, and the variables that its queries share. */
interface Search {
  readonly repository: Repository;
  readonly branches: string;
  readonly variables: Readonly<Record<string, string>>;
}

function ask({ repository, variables }: Search, query: string, more: Record<string, string | null>): Promise<unknown> {
  return repository.octokit.graphql(query, { request: { urgency: repository.urgency }, ...variables, ...more });
}

async function furtherPulls(search: Search, first: PageInfo): Promise<readonly BatchPull[]> {
  const shape = z.object({ byBranch: pagesOf(search.repository, search.branches) });
  return furtherPages(first, async (after) => shape.parse(await ask(search, MORE_PULLS, { after })).byBranch);
}

async function furtherCommits(search: Search, head: string, first: PageInfo) {
  const history = historyOf(search.repository, search.branches);
  const shape = z.object({ repository: z.object({ object: z.object({ history }) }) });
  return furtherPages(first, async (after) => {
    return shape.parse(await ask(search, MORE_COMMITS, { head, after })).repository.object.history;
  });
}

async function furtherPages<T>(
  first: PageInfo,
  read: (after: string | null) => Promise<{ readonly nodes: readonly T[]; readonly pageInfo: PageInfo }>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let page = first;
  for (let count = 1; page.hasNextPage && count < MOST_PAGES; count++) {
    const { nodes, pageInfo: next } = await read(page.endCursor);
    found.push(...nodes);
    page = next;
  }
  return found;
}

/** Whether a commit is one of several that a merged pull request was rebased into: GitHub names only the last as its own. */
function isRebasedFrom({ headline }: BatchCommit, { landing: merged, commits, headlines }: BatchPull): boolean {
  return merged?.parents === 1 && commits > 1 && headlines.includes(headline);
}

/** The beginning of every search for pull requests of a repository. */
export function pullsOf({ fullName }: Repository): string {
  return `repo:${fullName} is:pr`;
}

/** `head:` of a search matches the beginning of branch names (GitHub documentation, "Searching issues and pull requests"). */
export function headQuery(branches: string): string {
  return branches === "" ? "" : `head:${branches}`;
}

function uniquePulls(pulls: readonly BatchPull[]): readonly BatchPull[] {
  return [...new Map(pulls.map((pull) => [pull.number, pull])).values()];
}

/** As they reached the default branch. */
function byMerge(one: BatchPull, other: BatchPull): number {
  return Date.parse(one.mergedAt ?? "") - Date.parse(other.mergedAt ?? "") || one.number - other.number;
}
