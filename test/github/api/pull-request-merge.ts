import { unmetRequirements } from "../branch-rules.ts";
import type { CommitRow, PullRequestRow, RepositoryRow, UserRow } from "../database.ts";
import { branchTip } from "../git/branches.ts";
import { type Identity, identityOf, mergeSignature } from "../git/identity.ts";
import { ObjectStore } from "../git/object-store.ts";
import { pullRequestCommits } from "../git/pull-request-range.ts";
import { push } from "../git/push.ts";
import { mergeTrees } from "../git/three-way-merge.ts";
import type { Json } from "../json.ts";
import { mergeWith } from "../mergeability.ts";
import { closeIssueSide, reportPullRequest } from "../pull-request-tracking.ts";
import { ownerLogin } from "../shape/repository.ts";
import { type Site, timestamp } from "../site.ts";
import { type Answer, ok, Refusal, type RepositoryRequest, writer } from "./routes.ts";

const METHODS = ["merge", "squash", "rebase"] as const;
export type MergeMethod = (typeof METHODS)[number];

const notMergeable = () => new Refusal(405, "Pull Request is not mergeable");
const baseMoved = () => new Refusal(405, "Base branch was modified. Review and try the merge again.");

/** `PUT pulls/{number}/merge`: merges onto the base branch as it is now, or says in GitHub's words why not. */
export async function mergePullRequest(site: Site, request: RepositoryRequest, pull: PullRequestRow): Promise<Answer> {
  const { repository } = request;
  const user = writer(site, request);
  const body = await request.json();
  const method = METHODS.find((name) => name === (body.merge_method ?? "merge"));
  if (!method) throw new Refusal(422, "Invalid request.\n\nmerge_method is not one of merge, squash, rebase.");
  if (pull.state === "closed" || pull.draft) throw notMergeable();
  if (typeof body.sha === "string" && body.sha !== pull.head_sha) {
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  }
  assertAllowed(repository, method);
  const unmet = unmetRequirements(site, pull, repository, user);
  if (unmet.length > 0) throw new Refusal(405, unmet.join("\n"));
  const { sha } = await landPullRequest(site, repository, pull, user, { ...body, method });
  return ok({ sha, merged: true, message: "Pull Request successfully merged" });
}

/** Merges, although nobody checks here whether that is allowed. @throws {Refusal} 405 as GitHub words it */
export async function landPullRequest(
  site: Site,
  repository: RepositoryRow,
  pull: PullRequestRow,
  user: UserRow,
  { method, ...body }: Json & { readonly method: MergeMethod },
): Promise<CommitRow> {
  const tip = branchTip(site, repository, pull.base_ref);
  if (tip === null) throw notMergeable();
  const merge = { site, repository, pull, user, tip, body };
  const commit = await (method === "rebase" ? rebase(merge) : mergeOnto(merge, method));
  // Merging lines takes a moment; whoever pushed in it wins.
  if (branchTip(site, repository, pull.base_ref) !== tip) throw baseMoved();
  finish(merge, commit);
  return commit;
}

interface Merge {
  readonly site: Site;
  readonly repository: RepositoryRow;
  readonly pull: PullRequestRow;
  readonly user: UserRow;
  /** Where the base branch stands. */
  readonly tip: string;
  readonly body: Json;
}

function assertAllowed(repository: RepositoryRow, method: MergeMethod): void {
  const allowed = {
    merge: repository.allow_merge_commit,
    squash: repository.allow_squash_merge,
    rebase: repository.allow_rebase_merge,
  };
  const names = { merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" };
  if (!allowed[method]) throw new Refusal(405, `${names[method]} are not allowed on this repository.`);
}

async function mergeOnto(merge: Merge, method: "merge" | "squash"): Promise<CommitRow> {
  const { site, pull, tip, user } = merge;
  const merged = await mergeWith(site, pull, tip);
  if (merged.kind === "conflict") throw notMergeable();
  // A squash is the author's work; a merge commit is the merger's.
  const author = method === "squash" ? site.db.users.get(pull.user_id) : user;
  return new ObjectStore(site.db, pull.repo_id).writeCommit({
    message: messageOf(merge, method),
    tree: merged.tree,
    parents: method === "squash" ? [tip] : [tip, pull.head_sha],
    userId: user.id,
    date: timestamp(),
    ...mergeSignature(identityOf(author ?? user)),
  });
}

/** Each commit again on top of the base branch, by its own author. */
async function rebase({ site, pull, tip, user }: Merge): Promise<CommitRow> {
  const objects = new ObjectStore(site.db, pull.repo_id);
  const treeOf = (sha: string | undefined) => (sha ? (objects.commit(sha)?.tree_sha ?? null) : null);
  let onto = objects.commit(tip);
  for (const commit of pullRequestCommits(site, pull)) {
    if (!onto) break;
    const picked = await mergeTrees(objects, {
      base: treeOf(commit.parent_shas[0]),
      ours: onto.tree_sha,
      theirs: commit.tree_sha,
    });
    if (picked.kind === "conflict") throw notMergeable();
    const author: Identity = { name: commit.author_name, email: commit.author_email };
    onto = objects.writeCommit({
      message: commit.message,
      tree: picked.tree,
      parents: [onto.sha],
      userId: user.id,
      date: timestamp(),
      authorDate: commit.author_date,
      ...mergeSignature(author),
      verified: false,
    });
  }
  if (!onto) throw notMergeable();
  return onto;
}

/** GitHub's defaults, each part replaced by what the request gives ("Merge a pull request", commit_title and _message). */
function messageOf(merge: Merge, method: "merge" | "squash"): string {
  const { repository, pull, body } = merge;
  const commits = pullRequestCommits(merge.site, pull);
  const [only] = commits;
  const squashTitle = commits.length === 1 && only ? firstLine(only.message) : pull.title;
  const title =
    method === "squash"
      ? `${squashTitle} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${ownerLogin(repository)}/${pull.head_ref}`;
  const text = method === "squash" ? squashText(repository, pull, commits) : pull.title;
  const given = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
  return [given(body.commit_title, title), given(body.commit_message, text)].filter(Boolean).join("\n\n");
}

function squashText(repository: RepositoryRow, pull: PullRequestRow, commits: readonly CommitRow[]): string {
  switch (repository.squash_merge_commit_message ?? "COMMIT_MESSAGES") {
    case "PR_BODY":
      return pull.body ?? "";
    case "BLANK":
      return "";
    case "COMMIT_MESSAGES":
      return commits.length === 1
        ? (commits[0]?.message.split("\n").slice(1).join("\n").trim() ?? "")
        : commits.map((commit) => `* ${commit.message}`).join("\n\n");
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function finish({ site, repository, pull, user, tip }: Merge, commit: CommitRow): void {
  const now = timestamp();
  const merged = site.db.pullRequests.update(pull.id, {
    state: "closed",
    closed_at: now,
    merged: true,
    auto_merge: null,
    merged_at: now,
    merged_by_id: user.id,
    merge_commit_sha: commit.sha,
    base_sha: tip,
  });
  push(site, repository, `refs/heads/${pull.base_ref}`, commit.sha, user, "pr_merge");
  if (merged) {
    closeIssueSide(site, merged, user);
    reportPullRequest(site, "closed", merged, user);
  }
  if (repository.delete_branch_on_merge) push(site, repository, `refs/heads/${pull.head_ref}`, null, user);
}
