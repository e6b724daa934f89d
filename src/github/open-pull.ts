import { z } from "zod";
import type { MergeMethod } from "../domain/gate/enforced.ts";
import { shownAnyway } from "./failure.ts";
import { LIST, type pullNode, pullsPage, singlePulls, singleQuery } from "./open-pull-query.ts";
import { at, type Repository } from "./repository.ts";

/** A pull request, as far as the gate needs it. */
export interface OpenPull {
  /** Node id. */
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly base: string;
  /** Sha of its head. */
  readonly head: string;
  /** Whether this app opened it. */
  readonly isOwn: boolean;
  readonly state: "OPEN" | "MERGED" | "CLOSED";
  /** Paths that it changes. */
  readonly files: readonly string[];
  /** The batch's results at its head, when it changes them and GitHub shows them whole. */
  readonly results: string | null;
  readonly autoMerge: {
    readonly method: MergeMethod;
    readonly headline: string | null;
    readonly body: string | null;
  } | null;
  /** The check run of the gate at its head. */
  readonly gate: { readonly id: number; readonly digest: string; readonly conclusion: string | null } | null;
}

/** What of a pull request depends on the configuration. */
export interface PullQuestion {
  /** Name of the gate's check run. */
  readonly check: string;
  /** Where the batch's results are. */
  readonly results: string;
}

/** The open pull requests, newest first: one call for every fifty, more only where one changes over a hundred files. */
export async function listOpenPulls(repository: Repository, question: PullQuestion): Promise<readonly OpenPull[]> {
  const found: OpenPull[] = [];
  for (let after: string | null = null; ; ) {
    const answer: z.output<typeof pullsPage> = pullsPage.parse(await ask(repository, LIST, { ...question, after }));
    const { nodes, pageInfo } = answer.repository.pullRequests;
    found.push(
      ...(await Promise.all(
        nodes.filter((node) => node !== null).map((node) => openPull(repository, node, answer.viewer.login, question)),
      )),
    );
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

/** Some pull requests by their numbers, open or not; those that GitHub does not show are left out. One call. */
export async function readPulls(
  repository: Repository,
  numbers: readonly number[],
  question: PullQuestion,
): Promise<readonly OpenPull[]> {
  const answer = singlePulls.parse(await ask(repository, singleQuery(numbers), question));
  const pulls = Object.values(answer.repository).filter((node) => node !== null);
  return Promise.all(pulls.map((node) => openPull(repository, node, answer.viewer.login, question)));
}

async function ask(repository: Repository, query: string, variables: object): Promise<unknown> {
  const { octokit, owner, name, urgency } = repository;
  const app = await appId(repository);
  try {
    return await octokit.graphql(query, { request: { urgency }, owner, name, app, ...variables });
  } catch (error) {
    const shown = shownAnyway(error);
    if (shown === null) throw error;
    return shown;
  }
}

/** The app that a client belongs to: in its own token, without a call. */
async function appId({ octokit }: Repository): Promise<number> {
  const { appId } = z.object({ appId: z.coerce.number() }).parse(await octokit.auth({ type: "app" }));
  return appId;
}

async function openPull(
  repository: Repository,
  node: z.output<typeof pullNode>,
  viewer: string,
  question: PullQuestion,
): Promise<OpenPull> {
  const { id, number, url, title, body, state, author } = node;
  const shown = node.files?.nodes.map(({ path }) => path) ?? [];
  const files = (node.files?.totalCount ?? 0) > shown.length ? await allFiles(repository, number) : shown;
  return {
    id,
    number,
    url,
    title,
    body,
    state,
    branch: node.headRefName,
    base: node.baseRefName,
    head: node.headRefOid,
    // GraphQL leaves out what REST and `viewer` put behind the name of a bot.
    isOwn: author?.__typename === "Bot" && `${author.login}[bot]` === viewer,
    files,
    results: files.includes(question.results) ? resultsOf(node) : null,
    autoMerge: autoMergeOf(node),
    gate: gateOf(node),
  };
}

type Node = z.output<typeof pullNode>;

function resultsOf({ commits }: Node): string | null {
  const blob = commits.nodes[0]?.commit.file?.object;
  return blob == null || blob.isTruncated ? null : (blob.text ?? null);
}

function autoMergeOf({ autoMergeRequest }: Node): OpenPull["autoMerge"] {
  if (autoMergeRequest === null) return null;
  const { mergeMethod: method, commitHeadline: headline = null, commitBody: body = null } = autoMergeRequest;
  return { method, headline, body };
}

function gateOf({ commits }: Node): OpenPull["gate"] {
  const suites = commits.nodes[0]?.commit.checkSuites?.nodes ?? [];
  const [check] = suites.flatMap(({ checkRuns }) => checkRuns?.nodes ?? []);
  if (check === undefined) return null;
  const conclusion = check.conclusion?.toLowerCase() ?? null;
  return { id: check.databaseId, digest: check.externalId ?? "", conclusion };
}

/** A call for every hundred files; GitHub lists 3,000 at most. */
async function allFiles(repository: Repository, number: number): Promise<readonly string[]> {
  const { octokit } = repository;
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
    ...at(repository),
    pull_number: number,
    per_page: 100,
  });
  return files.map(({ filename }) => filename);
}
