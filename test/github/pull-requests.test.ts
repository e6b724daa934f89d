import { describe, expect } from "vitest";
import { LIST, payloads, test } from "./contract-test.ts";
import type { LocalGitHub } from "./local-github.ts";

/** A branch with one commit, and a pull request for it. */
async function propose(github: LocalGitHub, repo: string, files: Record<string, string | null>): Promise<number> {
  github.pushAs("olga", repo, "topic", files, "topic\n\nbatch_id: 2026-01-01-001");
  return github.openPullAs("olga", repo, { title: "A topic", head: "topic", body: "why" });
}

const line = (number: number, text: string) => LIST.replace(`${number}\n`, `${text}\n`);

describe("opening", () => {
  test("is refused 422 for a missing head, an empty difference and a duplicate", async ({ client, github, repo }) => {
    const open = (head: string) => client.call("POST", `/repos/${repo}/pulls`, { title: "t", head, base: "main" });
    expect(await open("nope")).toMatchObject({ status: 422, body: { errors: [{ field: "head", code: "invalid" }] } });
    github.createBranch(repo, "same");
    expect(await open("same")).toMatchObject({
      status: 422,
      body: { message: "Validation Failed", errors: [{ message: "No commits between main and same" }] },
    });
    await propose(github, repo, { x: "1" });
    expect(await open("topic")).toMatchObject({
      status: 422,
      body: { errors: [{ message: "A pull request already exists for acme:topic." }] },
    });
  });

  test("is found by owner and head branch, and by state", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    const list = async (query: string) => (await client.call("GET", `/repos/${repo}/pulls?${query}`)).body;
    expect(await list("head=acme:topic")).toMatchObject([{ number, head: { ref: "topic" }, base: { ref: "main" } }]);
    expect(await list("head=acme:other")).toEqual([]);
    expect(await list("state=closed")).toEqual([]);
    await github.mergeAs("olga", repo, number);
    expect(await list("state=closed&head=acme:topic")).toMatchObject([{ number, merged_at: expect.any(String) }]);
  });
});

describe("an open pull request", () => {
  test("shows its own commits and files, not what the base got meanwhile", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { "list.txt": line(1, "one"), "recipes/jq.toml": null });
    github.pushAs("olga", repo, "main", { "other.txt": "meanwhile\n" }, "meanwhile");
    const path = `/repos/${repo}/pulls/${number}`;
    expect((await client.call("GET", `${path}/files`)).body).toMatchObject([
      { filename: "list.txt", status: "modified", additions: 1, deletions: 1, changes: 2 },
      { filename: "recipes/jq.toml", status: "removed" },
    ]);
    const commits = await client.call("GET", `${path}/commits`);
    expect(commits.body).toMatchObject([{ commit: { message: "topic\n\nbatch_id: 2026-01-01-001" } }]);
    expect((await client.call("GET", path)).body).toMatchObject({
      mergeable: true,
      mergeable_state: "clean",
      commits: 1,
      changed_files: 2,
    });
  });

  test("follows its head branch and says so with synchronize", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    const before = github.branches(repo).topic;
    const after = github.pushAs("olga", repo, "topic", { y: "2" }, "more");
    await github.idle();
    expect(payloads(github, "pull_request").at(-1)).toMatchObject({ action: "synchronize", number, before, after });
    const { body } = await client.call("GET", `/repos/${repo}/pulls/${number}`);
    expect(body).toMatchObject({ head: { sha: after }, commits: 2 });
  });

  test("is closed when its head branch is deleted", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    await client.call("DELETE", `/repos/${repo}/git/refs/heads/topic`);
    expect(github.pulls(repo)).toMatchObject([{ number, state: "closed", merged: false }]);
  });

  test.for([
    { what: "its base", target: "main" },
    { what: "a commit that its base has", target: "older" },
  ])(
    "is closed when its head is forced to $what: nothing is left of it",
    async ({ target }, { client, github, repo }) => {
      github.createBranch(repo, "older");
      github.pushAs("olga", repo, "main", { z: "3" }, "ahead");
      const number = await propose(github, repo, { x: "1" });
      const sha = github.branches(repo)[target];
      await client.call("PATCH", `/repos/${repo}/git/refs/heads/topic`, { sha, force: true });
      expect(github.pulls(repo)).toMatchObject([{ number, state: "closed", merged: false }]);
      await github.idle();
      const actions = payloads(github, "pull_request").map(({ action }) => action);
      expect(actions.slice(-2)).toEqual(["synchronize", "closed"]);
    },
  );

  test("stays open when its head is forced to another commit on its base", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    github.pushAs("olga", repo, "other", { x: "2" }, "other");
    const sha = github.branches(repo).other;
    await client.call("PATCH", `/repos/${repo}/git/refs/heads/topic`, { sha, force: true });
    expect(github.pulls(repo)).toMatchObject([{ number, state: "open" }]);
  });

  test("is an issue too: listed, commented and closed as one", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    const { body } = await client.call("GET", `/repos/${repo}/issues`);
    expect(body).toMatchObject([{ number, pull_request: { url: expect.stringContaining(`/pulls/${number}`) } }]);
    await client.call("PATCH", `/repos/${repo}/issues/${number}`, { state: "closed" });
    expect(github.pulls(repo)).toMatchObject([{ state: "closed" }]);
  });
});

describe("merging", () => {
  const merge = (repo: string, number: number, body: object = {}) =>
    ["PUT", `/repos/${repo}/pulls/${number}/merge`, body] as const;

  test("keeps what the base got meanwhile, in other files and in other lines of the same file", async ({
    client,
    github,
    repo,
  }) => {
    const number = await propose(github, repo, { "list.txt": line(1, "one") });
    github.pushAs("olga", repo, "main", { "list.txt": line(9, "nine"), "other.txt": "o" }, "meanwhile");
    expect(await client.call(...merge(repo, number))).toMatchObject({
      status: 200,
      body: { merged: true, sha: github.branches(repo).main },
    });
    expect(github.fileAt(repo, "list.txt")).toBe(line(1, "one").replace("9\n", "nine\n"));
    expect(github.fileAt(repo, "other.txt")).toBe("o");
  });

  test.for([
    ["the same line changed on both sides", { "list.txt": line(5, "ours") }, { "list.txt": line(5, "theirs") }],
    ["a file changed here and deleted there", { "list.txt": line(5, "ours") }, { "list.txt": null }],
    ["two different new files of one name", { "new.txt": "ours" }, { "new.txt": "theirs" }],
    ["a file here where a directory is there", { new: "file" }, { "new/file": "x" }],
  ] as const)("is refused 405 as a conflict: %s", async ([, here, there], { client, github, repo }) => {
    const number = await propose(github, repo, here);
    github.pushAs("olga", repo, "main", there, "meanwhile");
    const { main } = github.branches(repo);
    expect((await client.call("GET", `/repos/${repo}/pulls/${number}`)).body).toMatchObject({
      mergeable: false,
      mergeable_state: "dirty",
    });
    expect(await client.call(...merge(repo, number))).toMatchObject({
      status: 405,
      body: { message: "Pull Request is not mergeable" },
    });
    expect(github.branches(repo).main).toBe(main);
  });

  test("takes the same change on both sides for one", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { "list.txt": line(5, "five"), x: "1" });
    github.pushAs("olga", repo, "main", { "list.txt": line(5, "five") }, "the same");
    expect((await client.call(...merge(repo, number))).status).toBe(200);
  });

  test("with a stale head sha is 409, a second time 405", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    const stale = github.branches(repo).topic;
    github.pushAs("olga", repo, "topic", { y: "2" }, "more");
    expect(await client.call(...merge(repo, number, { sha: stale }))).toMatchObject({
      status: 409,
      body: { message: "Head branch was modified. Review and try the merge again." },
    });
    expect((await client.call(...merge(repo, number, { sha: github.branches(repo).topic }))).status).toBe(200);
    expect((await client.call(...merge(repo, number))).status).toBe(405);
  });

  test("reports push and closed with merged and the merge commit", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    await client.call(...merge(repo, number));
    await github.idle();
    const { main } = github.branches(repo);
    expect(payloads(github, "push").at(-1)).toMatchObject({
      ref: "refs/heads/main",
      after: main,
      sender: { login: "batchkeeper[bot]" },
    });
    expect(payloads(github, "pull_request").at(-1)).toMatchObject({
      action: "closed",
      pull_request: { merged: true, merge_commit_sha: main, merged_by: { login: "batchkeeper[bot]" } },
    });
  });

  test("makes a merge commit with both parents by default", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    const parents = [github.branches(repo).main, github.branches(repo).topic];
    await client.call(...merge(repo, number));
    const message = `Merge pull request #${number} from acme/topic\n\nA topic`;
    expect(github.commits(repo)[0]).toMatchObject({ parents, message, author: "batchkeeper[bot]", verified: true });
  });

  test("squashes into one commit by the pull request's author, named after its only commit", async ({
    client,
    github,
    repo,
  }) => {
    const number = await propose(github, repo, { x: "1" });
    const { main } = github.branches(repo);
    await client.call(...merge(repo, number, { merge_method: "squash" }));
    expect(github.commits(repo)[0]).toMatchObject({
      parents: [main],
      author: "olga",
      message: `topic (#${number})\n\nbatch_id: 2026-01-01-001`,
      trailers: { batch_id: "2026-01-01-001" },
    });
  });

  test("squashes several commits under the pull request's title, listing their messages", async ({
    client,
    github,
    repo,
  }) => {
    const number = await propose(github, repo, { x: "1" });
    github.pushAs("olga", repo, "topic", { y: "2" }, "more");
    await client.call(...merge(repo, number, { merge_method: "squash" }));
    expect(github.commits(repo)[0]?.message).toBe(
      `A topic (#${number})\n\n* topic\n\nbatch_id: 2026-01-01-001\n\n* more`,
    );
  });

  test("squashes with the given title and message, which drops everything else", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    const given = { merge_method: "squash", commit_title: "chore: x", commit_message: "Requested-By: olga" };
    await client.call(...merge(repo, number, given));
    expect(github.commits(repo)[0]?.message).toBe("chore: x\n\nRequested-By: olga");
  });

  test.for([
    ["PR_BODY", "topic (#1)\n\nwhy"],
    ["BLANK", "topic (#1)"],
  ] as const)("squashes with the repository's default message %s", async ([setting, message], { client, github }) => {
    const repo = github.createRepository({ owner: "acme", name: "set", squashMergeCommitMessage: setting });
    const number = await propose(github, repo, { x: "1" });
    await client.call(...merge(repo, number, { merge_method: "squash" }));
    expect(github.commits(repo)[0]?.message).toBe(message);
  });

  test("rebases each commit onto the base, keeping its author", async ({ client, github, repo }) => {
    const number = await propose(github, repo, { x: "1" });
    github.pushAs("rita", repo, "topic", { y: "2" }, "more");
    github.pushAs("olga", repo, "main", { z: "3" }, "meanwhile");
    await client.call(...merge(repo, number, { merge_method: "rebase" }));
    expect(github.commits(repo)).toMatchObject([
      { message: "more", author: "rita", files: ["y"] },
      { message: expect.stringMatching(/^topic/), author: "olga", files: ["x"] },
      { message: "meanwhile" },
      { message: "Initial commit" },
    ]);
  });

  test.for([
    ["merge", "allowMergeCommit", "Merge commits are not allowed on this repository."],
    ["squash", "allowSquashMerge", "Squash merges are not allowed on this repository."],
    ["rebase", "allowRebaseMerge", "Rebase merges are not allowed on this repository."],
  ] as const)(
    "by %s is refused 405 when the repository does not allow it",
    async ([method, setting, message], { client, github }) => {
      const repo = github.createRepository({ owner: "acme", name: "set", [setting]: false });
      const number = await propose(github, repo, { x: "1" });
      const answer = await client.call(...merge(repo, number, { merge_method: method }));
      expect(answer).toMatchObject({ status: 405, body: { message } });
    },
  );

  test("deletes the head branch where the repository is set to", async ({ client, github }) => {
    const repo = github.createRepository({ owner: "acme", name: "set", deleteBranchOnMerge: true });
    const number = await propose(github, repo, { x: "1" });
    await client.call(...merge(repo, number));
    expect(Object.keys(github.branches(repo))).toEqual(["main"]);
  });
});

test("a commit knows its pull request: by its own sha and by the squashed one", async ({ client, github, repo }) => {
  const number = await propose(github, repo, { x: "1" });
  const { topic, main: unrelated } = github.branches(repo);
  await github.mergeAs("olga", repo, number, { merge_method: "squash" });
  const pullsOf = async (sha = "") => (await client.call("GET", `/repos/${repo}/commits/${sha}/pulls`)).body;
  expect(await pullsOf(topic)).toMatchObject([{ number }]);
  expect(await pullsOf(github.branches(repo).main)).toMatchObject([{ number, merge_commit_sha: expect.any(String) }]);
  expect(await pullsOf(unrelated)).toEqual([]);
});

test("a merged pull request still shows its files after its branch is gone and main went on", async ({
  client,
  github,
  repo,
}) => {
  const number = await propose(github, repo, { x: "1" });
  await github.mergeAs("olga", repo, number, { merge_method: "squash" });
  await client.call("DELETE", `/repos/${repo}/git/refs/heads/topic`);
  github.pushAs("olga", repo, "main", { x: "2" }, "later");
  const { body } = await client.call("GET", `/repos/${repo}/pulls/${number}/files`);
  expect(body).toMatchObject([{ filename: "x", status: "added" }]);
});
