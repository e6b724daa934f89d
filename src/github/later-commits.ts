import { z } from "zod";
import { batchClaim } from "../domain/batches/batch-claim.ts";
import { type LaterCommit, SWEEP_OVER } from "../domain/batches/later-commit.ts";
import { commitAuthor } from "./commit-author.ts";
import { at, type Repository } from "./repository.ts";

/** Paths that one GraphQL call asks for. */
const PATHS_A_CALL = 100;
/** Commits of one path that are told. */
const COMMITS_A_PATH = 10;
/** Commits that are looked into to tell a sweep; there are few that touch so many files. */
const MOST_SWEEPS = 20;

/** Which commits count as later. */
export interface Since {
  /** Commit of the default branch to look back from. */
  readonly head: string;
  /** ISO 8601: when the batch reached the default branch. */
  readonly date: string;
  /** Commits of the batch itself. */
  readonly landings: ReadonlySet<string>;
  /** The folder of the recipes, `recipes`. */
  readonly recipes: string;
  /** How branches of batches begin. */
  readonly branches: string;
}

const entry = z.object({ oid: z.string() }).nullable();

const commitShape = z.object({
  oid: z.string(),
  url: z.string(),
  message: z.string(),
  messageHeadline: z.string(),
  committedDate: z.string(),
  changedFilesIfAvailable: z.number().nullable(),
  author: commitAuthor,
  file: entry,
  parents: z.object({ nodes: z.array(z.object({ file: entry })) }),
  associatedPullRequests: z.object({ nodes: z.array(z.object({ title: z.string(), headRefName: z.string() })) }),
});
type Commit = z.output<typeof commitShape>;

const answerShape = z.object({
  repository: z.object({
    object: z.record(z.string(), z.object({ nodes: z.array(commitShape) })).nullable(),
  }),
});

/**
 * Who changed paths since: one GraphQL call for every hundred of them, and one for every commit that may be a sweep.
 * Newest first; of one path at most ten commits.
 */
export async function laterCommits(
  repository: Repository,
  paths: readonly string[],
  since: Since,
): Promise<ReadonlyMap<string, readonly LaterCommit[]>> {
  const groups = Array.from({ length: Math.ceil(paths.length / PATHS_A_CALL) }, (_, group) =>
    paths.slice(group * PATHS_A_CALL, (group + 1) * PATHS_A_CALL),
  );
  const found = (await Promise.all(groups.map((group) => askFor(repository, group, since)))).flat();
  const large = new Map(
    found.flatMap(([, commits]) => commits.filter(mayBeSweep).map((commit) => [commit.oid, commit])),
  );
  const counted = await Promise.all(
    [...large.keys()].slice(0, MOST_SWEEPS).map(async (sha) => [sha, await recipesIn(repository, sha, since)] as const),
  );
  const counts = new Map<string, number>(counted);
  return new Map(found.map(([path, commits]) => [path, commits.map((commit) => laterCommit(commit, counts, since))]));
}

async function askFor(
  repository: Repository,
  paths: readonly string[],
  { head, date, landings }: Since,
): Promise<readonly (readonly [string, readonly Commit[]])[]> {
  const declared = paths.map((_, index) => `$p${index}: String!`);
  const fields = paths.map(
    (_, index) => `h${index}: history(first: ${COMMITS_A_PATH}, since: $since, path: $p${index}) { nodes {
      oid url message messageHeadline committedDate changedFilesIfAvailable author { name user { login } }
      file(path: $p${index}) { oid } parents(first: 1) { nodes { file(path: $p${index}) { oid } } }
      associatedPullRequests(first: 1) { nodes { title headRefName } } } }`,
  );
  const query = `query LaterCommits($owner: String!, $name: String!, $head: GitObjectID!, $since: GitTimestamp!, ${declared.join(", ")}) {
    repository(owner: $owner, name: $name) { object(oid: $head) { ... on Commit { ${fields.join("\n")} } } }
  }`;
  const answer: unknown = await repository.octokit.graphql(query, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    head,
    since: date,
    ...Object.fromEntries(paths.map((path, index) => [`p${index}`, path])),
  });
  const histories = answerShape.parse(answer).repository.object ?? {};
  return paths.map((path, index) => {
    const commits = histories[`h${index}`]?.nodes ?? [];
    return [path, commits.filter(({ oid }) => !landings.has(oid))] as const;
  });
}

function mayBeSweep({ changedFilesIfAvailable: files }: Commit): boolean {
  return files === null || files > SWEEP_OVER;
}

/**
 * How many recipes a commit touched, of the first 300 files that GitHub lists: enough to know whether it is a sweep, unless
 * it touched other files by the hundred.
 */
async function recipesIn(repository: Repository, sha: string, { recipes }: Since): Promise<number> {
  const { data } = await repository.octokit.rest.repos.getCommit({ ...at(repository), ref: sha, per_page: 300 });
  return (data.files ?? []).filter(({ filename }) => filename.startsWith(`${recipes}/`)).length;
}

function laterCommit(commit: Commit, counts: ReadonlyMap<string, number>, { branches }: Since): LaterCommit {
  const { oid, url, message, messageHeadline: headline, committedDate: date, author } = commit;
  const [pull] = commit.associatedPullRequests.nodes;
  const title = pull?.title ?? headline;
  const claim = batchClaim({ title, body: "", branch: pull?.headRefName ?? null, messages: [message] }, branches);
  return {
    sha: oid,
    url,
    headline,
    author,
    date,
    before: commit.parents.nodes[0]?.file?.oid ?? null,
    after: commit.file?.oid ?? null,
    recipes: counts.get(oid) ?? (mayBeSweep(commit) ? null : (commit.changedFilesIfAvailable ?? null)),
    isBatch: claim.kind !== "none",
  };
}
