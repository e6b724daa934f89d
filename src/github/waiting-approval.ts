import type { BasedPlan } from "../domain/batches/plan-manifest.ts";
import { changesBetween, sameFile, type Tree } from "../domain/batches/tree-change.ts";
import { type Instant, parseInstant } from "../domain/instant.ts";
import { type ApprovalRecord, readApprovalMessage } from "./approval-message.ts";
import { ownPulls } from "./own-pull.ts";
import type { PullRequest } from "./pull-request.ts";
import { at, type Repository } from "./repository.ts";
import type { Seal } from "./seal.ts";

/** An open pull request of this app that waits for a second operator. Its last commit alone is believed. */
export interface WaitingApproval extends PullRequest, ApprovalRecord {
  readonly title: string;
  readonly branch: string;
  readonly head: string;
  readonly parent: string;
  /** When its last commit was made, by GitHub's clock. */
  readonly shownAt: Instant;
  /** The message of its last commit. */
  readonly message: string;
}

/** Everything that waits for a second operator, oldest first: one call, and one for each open pull request of this app. */
export async function waitingApprovals(
  repository: Repository,
  { seal, botLogin }: { readonly seal: Seal; readonly botLogin: () => Promise<string> },
): Promise<readonly WaitingApproval[]> {
  const pulls = await ownPulls(repository, botLogin);
  const waiting = await Promise.all(
    pulls.map(async ({ body: _, ...pull }): Promise<WaitingApproval | null> => {
      const { data } = await repository.octokit.rest.git.getCommit({ ...at(repository), commit_sha: pull.head });
      const message = seal.open(data.message, { fullName: repository.fullName, branch: pull.branch });
      const record = message === null ? null : readApprovalMessage(message);
      if (message === null || record === null) return null;
      const parent = data.parents[0]?.sha ?? "";
      const shownAt = parseInstant(data.committer.date) ?? record.askedAt;
      return { ...pull, parent, shownAt, message, ...record };
    }),
  );
  return waiting.filter((approval) => approval !== null).toSorted((a, b) => a.number - b.number);
}

/** What merging a waiting rollback does, read from its commit, and the paths of it that the default branch changed since. */
export async function readWaitingRollback(
  repository: Repository,
  { head, parent }: Pick<WaitingApproval, "head" | "parent">,
): Promise<BasedPlan & { readonly moved: readonly string[] }> {
  const [after, before, now] = await Promise.all(
    [head, parent, repository.defaultBranch].map((commit) => readTree(repository, commit)),
  );
  if (after === undefined || before === undefined || now === undefined) throw new TreeNotWhole();
  const changes = changesBetween(before, after);
  const moved = changes
    .filter(({ path, before: was }) => !sameFile(now.get(path) ?? null, was))
    .map(({ path }) => path);
  const plan = changes.map(({ path, after: to }) =>
    to === null
      ? { path, action: "delete" as const, swept: [], isPartial: false, dependents: [] }
      : { path, action: "restore" as const, to, swept: [], isPartial: false },
  );
  return { base: parent, plan, moved };
}

async function readTree(repository: Repository, commit: string): Promise<Tree> {
  const { data } = await repository.octokit.rest.git.getTree({
    ...at(repository),
    tree_sha: commit,
    recursive: "true",
  });
  if (data.truncated) throw new TreeNotWhole();
  return new Map(
    data.tree.filter(({ type }) => type !== "tree").map(({ path, mode, sha }) => [path, { mode, sha }] as const),
  );
}

/** Whether anything moved cannot be told, and then nothing is approved. */
class TreeNotWhole extends Error {
  override readonly name = "TreeNotWhole";
  constructor() {
    super("the repository has more files than GitHub lists, so that nobody can tell whether the plan still holds");
  }
}
