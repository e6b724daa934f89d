import { z } from "zod";
import { batchClaim, batchEcosystems, claimedIds } from "../domain/batches/batch-claim.ts";
import { type Instant, printInstant } from "../domain/instant.ts";
import type { Arrival } from "../domain/supply-chain/arrival.ts";
import { commitAuthor } from "./commit-author.ts";
import type { BatchPlace } from "./find-batch.ts";
import { askForObjects } from "./git-object.ts";
import { mergedInto } from "./provenance.ts";
import { at, type Repository } from "./repository.ts";

const pullShape = z.object({
  number: z.number(),
  url: z.string(),
  title: z.string(),
  body: z.string(),
  headRefName: z.string(),
  baseRefName: z.string(),
  mergedAt: z.string().nullable(),
  commits: z.object({ nodes: z.array(z.object({ commit: z.object({ message: z.string() }) })) }),
  files: z
    .object({ totalCount: z.number(), nodes: z.array(z.object({ path: z.string(), changeType: z.string() })) })
    .nullable(),
});

const commitShape = z.object({
  oid: z.string(),
  url: z.string(),
  message: z.string(),
  messageHeadline: z.string(),
  committedDate: z.string(),
  author: commitAuthor,
  associatedPullRequests: z.object({ nodes: z.array(pullShape) }),
});

const historyShape = z
  .object({ history: z.object({ totalCount: z.number(), nodes: z.array(commitShape) }) })
  .nullable();

/** GitHub ends calls after ten seconds: fifty commits, each with the files of its pull request, are answered in time. */
const MOST_COMMITS = 50;
const MOST_FILES = 50;

const PULL = `number url title body headRefName baseRefName mergedAt
  commits(first: 10) { nodes { commit { message } } }
  files(first: ${MOST_FILES}) { totalCount nodes { path changeType } }`;

/** What changed recipes on the default branch within a time, newest first, with the way that each came by: one call. */
export async function readArrivals(
  repository: Repository,
  head: string,
  { recipes, branches }: BatchPlace,
  span: { readonly since: Instant; readonly until: Instant },
): Promise<{ readonly arrivals: readonly Arrival[]; readonly total: number }> {
  const within = `since: "${printInstant(span.since)}", until: "${printInstant(span.until)}"`;
  const fields = `... on Commit { history(first: ${MOST_COMMITS}, path: ${JSON.stringify(recipes)}, ${within}) { totalCount nodes {
    oid url message messageHeadline committedDate author { name user { login } }
    associatedPullRequests(first: 3) { nodes { ${PULL} } } } } }`;
  const [found] = await askForObjects(repository, "Arrivals", [
    { argument: "oid", type: "GitObjectID!", value: head, fields },
  ]);
  const { nodes = [], totalCount = 0 } = historyShape.parse(found ?? null)?.history ?? {};
  return { arrivals: nodes.map((node) => arrivalOf(node, repository, { recipes, branches })), total: totalCount };
}

/** The commit that brought a path first, of the latest hundred that changed it; null when there is none. One call. */
export async function firstCommitOf(
  repository: Repository,
  path: string,
): Promise<{ readonly sha: string; readonly date: string } | null> {
  const { data } = await repository.octokit.rest.repos.listCommits({ ...at(repository), path, per_page: 100 });
  const first = data.at(-1);
  return first === undefined ? null : { sha: first.sha, date: first.commit.committer?.date ?? "" };
}

function arrivalOf(
  { oid, url, message, messageHeadline, committedDate, author, associatedPullRequests }: z.output<typeof commitShape>,
  { defaultBranch }: Repository,
  { recipes, branches }: BatchPlace,
): Arrival {
  const pull = mergedInto(defaultBranch, associatedPullRequests.nodes);
  const testimony = {
    title: pull?.title ?? messageHeadline,
    body: pull?.body ?? "",
    branch: pull?.headRefName ?? null,
    messages: [...(pull?.commits.nodes.map(({ commit }) => commit.message) ?? []), message],
  };
  const claim = batchClaim(testimony, branches);
  const files = pull?.files?.nodes.filter(({ path }) => path.startsWith(`${recipes}/`)) ?? [];
  return {
    sha: oid,
    url,
    title: testimony.title,
    date: committedDate,
    author,
    pull: pull === undefined ? null : { number: pull.number, url: pull.url },
    batches: claimedIds(claim).map(({ text }) => text),
    ecosystems: batchEcosystems(testimony, claim),
    recipes: pull === undefined ? null : files.map(({ path, changeType }) => ({ path, isNew: changeType === "ADDED" })),
    isCut: (pull?.files?.totalCount ?? 0) > MOST_FILES,
  };
}
