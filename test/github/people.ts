import { enableAutoMerge } from "./auto-merge.ts";
import type { IssueRow } from "./database.ts";
import { report } from "./events.ts";
import { branchTip } from "./git/branches.ts";
import { apiSignature } from "./git/identity.ts";
import { type FileEntry, ObjectStore } from "./git/object-store.ts";
import { push } from "./git/push.ts";
import { isObject, type Json } from "./json.ts";
import { ensureUser, userToken } from "./seed.ts";
import { issueJson } from "./shape/issue.ts";
import { repositoryNamed, type Site, timestamp } from "./site.ts";
import { tickedBody } from "./ticked-body.ts";

/** People using GitHub in a browser and git: what they do has the effects and events it has there. */
export class People {
  protected readonly site: Site;
  readonly #fetch: (request: Request) => Promise<Response>;

  /** @param fetchInside calls the routes without the layers of HTTP: people meet no injected faults. */
  constructor(site: Site, fetchInside: (request: Request) => Promise<Response>) {
    this.site = site;
    this.#fetch = fetchInside;
  }

  /**
   * Commits and pushes files (null deletes one) to a branch, which is made from the default branch if missing. Returns
   * the sha. Branch rules do not bind people here: a test that pushes wants the push to happen.
   */
  pushAs(
    login: string,
    repository: string,
    branch: string,
    files: Readonly<Record<string, string | null>>,
    message: string,
  ): string {
    const row = repositoryNamed(this.site, repository);
    const user = ensureUser(this.site, login);
    const objects = new ObjectStore(this.site.db, row.id);
    const parent = branchTip(this.site, row, branch) ?? branchTip(this.site, row, row.default_branch);
    const entries = Object.entries(files).map(([path, text]): [string, FileEntry | null] => [
      path,
      text === null ? null : objects.writeBlob(Buffer.from(text)),
    ]);
    const { sha } = objects.writeCommit({
      message,
      tree: objects.changeTree(parent && (objects.commit(parent)?.tree_sha ?? null), new Map(entries)),
      parents: parent ? [parent] : [],
      userId: user.id,
      date: timestamp(),
      ...apiSignature(this.site, user),
    });
    push(this.site, row, `refs/heads/${branch}`, sha, user);
    return sha;
  }

  /** Pushes what a browser cannot make: symbolic links, executables, submodules. Returns the sha. */
  pushEntries(
    repository: string,
    branch: string,
    files: Readonly<
      Record<
        string,
        { readonly mode: string; readonly text: string } | { readonly mode: "160000"; readonly commit: string }
      >
    >,
  ): string {
    const row = repositoryNamed(this.site, repository);
    const user = ensureUser(this.site, repository.split("/")[0] ?? "");
    const objects = new ObjectStore(this.site.db, row.id);
    const parent = branchTip(this.site, row, branch) ?? "";
    const entries = Object.entries(files).map(([path, file]): [string, FileEntry] => [
      path,
      "commit" in file
        ? { mode: file.mode, type: "commit", sha: file.commit }
        : { ...objects.writeBlob(Buffer.from(file.text)), mode: file.mode },
    ]);
    const { sha } = objects.writeCommit({
      message: "entries",
      tree: objects.changeTree(objects.commit(parent)?.tree_sha ?? null, new Map(entries)),
      parents: [parent],
      userId: user.id,
      date: timestamp(),
      ...apiSignature(this.site, user),
    });
    push(this.site, row, `refs/heads/${branch}`, sha, user);
    return sha;
  }

  /** Moves a branch to any commit, as `git push --force` does. */
  forcePush(repository: string, branch: string, sha: string): void {
    const row = repositoryNamed(this.site, repository);
    push(this.site, row, `refs/heads/${branch}`, sha, ensureUser(this.site, repository.split("/")[0] ?? ""));
  }

  /** Comments on an issue or a pull request. Returns the comment's id. */
  async commentAs(login: string, repository: string, number: number, body: string): Promise<number> {
    const comment = await this.#call(login, "POST", `/repos/${repository}/issues/${number}/comments`, { body });
    return Number(comment.id);
  }

  async editCommentAs(login: string, repository: string, commentId: number, body: string): Promise<void> {
    await this.#call(login, "PATCH", `/repos/${repository}/issues/comments/${commentId}`, { body });
  }

  async deleteCommentAs(login: string, repository: string, commentId: number): Promise<void> {
    await this.#call(login, "DELETE", `/repos/${repository}/issues/comments/${commentId}`);
  }

  /** Returns the number. */
  async openIssueAs(
    login: string,
    repository: string,
    issue: { readonly title: string; readonly body?: string; readonly labels?: readonly string[] },
  ): Promise<number> {
    return Number((await this.#call(login, "POST", `/repos/${repository}/issues`, { ...issue })).number);
  }

  /** Closes, reopens, retitles, relabels an issue or pull request: what `PATCH issues/{number}` takes. */
  async editIssueAs(login: string, repository: string, number: number, change: Json): Promise<void> {
    await this.#call(login, "PATCH", `/repos/${repository}/issues/${number}`, change);
  }

  /** Ticks the box of an issue whose line has these words: GitHub's page edits the body for it. */
  async tickAs(login: string, repository: string, number: number, words: string): Promise<void> {
    const body = tickedBody(this.#issue(repository, number).body ?? "", words);
    await this.editIssueAs(login, repository, number, { body });
  }

  /** Takes an issue off the top of the list, or puts it there. */
  pinIssue(repository: string, number: number, isPinned = true): void {
    this.site.db.issues.update(this.#issue(repository, number).id, { pinned: { is_pinned: isPinned } });
  }

  /** Deletes an issue with its comments, as an administrator can. */
  deleteIssueAs(login: string, repository: string, number: number): void {
    const { db } = this.site;
    const issue = this.#issue(repository, number);
    const told = issueJson(this.site, issue);
    db.issues.delete(issue.id);
    const row = repositoryNamed(this.site, repository);
    const comments = db.comments.findBy("repo_id", row.id).filter(({ issue_number }) => issue_number === number);
    for (const { id } of comments) db.comments.delete(id);
    report(this.site, "issues", row, ensureUser(this.site, login), { action: "deleted", issue: told });
  }

  #issue(repository: string, number: number): IssueRow {
    const issues = this.site.db.issues.findBy("repo_id", repositoryNamed(this.site, repository).id);
    const issue = issues.find((candidate) => candidate.number === number);
    if (!issue) throw new Error(`${repository} has no issue ${number}.`);
    return issue;
  }

  /** Returns the number. */
  async openPullAs(
    login: string,
    repository: string,
    pull: { readonly title: string; readonly head: string; readonly base?: string; readonly body?: string },
  ): Promise<number> {
    const base = repositoryNamed(this.site, repository).default_branch;
    return Number((await this.#call(login, "POST", `/repos/${repository}/pulls`, { base, ...pull })).number);
  }

  /** Retitles or rewrites a pull request, closes or reopens it. */
  async editPullAs(login: string, repository: string, number: number, change: Json): Promise<void> {
    await this.#call(login, "PATCH", `/repos/${repository}/pulls/${number}`, change);
  }

  async mergeAs(login: string, repository: string, number: number, options: Json = {}): Promise<void> {
    await this.#call(login, "PUT", `/repos/${repository}/pulls/${number}/merge`, options);
  }

  /** Asks for the merge of a pull request once everything that is required is there. */
  async autoMergeAs(
    login: string,
    repository: string,
    number: number,
    commit: { readonly headline?: string; readonly body?: string } = {},
  ): Promise<void> {
    const row = repositoryNamed(this.site, repository);
    const pull = this.site.db.pullRequests.findBy("repo_id", row.id).find((candidate) => candidate.number === number);
    if (!pull) throw new Error(`${repository} has no pull request ${number}.`);
    const wish = { method: "squash", headline: commit.headline ?? null, body: commit.body ?? null } as const;
    await enableAutoMerge(this.site, row, pull, ensureUser(this.site, login), wish);
  }

  /** @param workflow file name or id */
  async switchWorkflowAs(
    login: string,
    repository: string,
    workflow: string,
    verb: "enable" | "disable",
  ): Promise<void> {
    await this.#call(login, "PUT", `/repos/${repository}/actions/workflows/${workflow}/${verb}`);
  }

  async approveAs(login: string, repository: string, number: number): Promise<void> {
    await this.#call(login, "POST", `/repos/${repository}/pulls/${number}/reviews`, { event: "APPROVE" });
  }

  async lockIssueAs(login: string, repository: string, number: number): Promise<void> {
    await this.#call(login, "PUT", `/repos/${repository}/issues/${number}/lock`, {});
  }

  /** @throws with GitHub's answer when it refuses. */
  async #call(login: string, method: string, path: string, body?: Json): Promise<Json> {
    ensureUser(this.site, login);
    const request = new Request(this.site.url + path, {
      method,
      headers: { authorization: `Bearer ${userToken(login)}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const response = await this.#fetch(request);
    const text = await response.text();
    if (!response.ok) throw new Error(`${login} may not ${method} ${path}: ${response.status} ${text}`);
    const answer: unknown = text === "" ? {} : JSON.parse(text);
    return isObject(answer) ? answer : {};
  }
}
