import { describe, expect } from "vitest";
import { REPOSITORY, test, type World } from "./world.ts";

/** Nothing was written anywhere, and nobody was answered. */
function expectNothing(world: World, comment: number): void {
  expect(world.replies()).toEqual([]);
  expect(world.reactions(comment)).toEqual([]);
  expect(world.controlCommits()).toHaveLength(1);
}

describe("nothing is run, answered or even asked of GitHub for a comment with a command", () => {
  test.for([
    { where: "in a code fence", body: "```\n/batch stop\n```" },
    { where: "in an open code fence", body: "~~~\n/batch stop" },
    { where: "in indented code", body: "text\n\n    /batch stop" },
    { where: "in a quote", body: "> /batch stop" },
    { where: "in an HTML comment", body: "<!--\n/batch stop\n-->" },
    { where: "in a code span of two lines", body: "`a\n/batch stop`" },
    { where: "in HTML that shows code", body: "<pre>\n/batch stop\n</pre>" },
    { where: "in the middle of a line", body: "please /batch stop" },
    { where: "in a list", body: "- /batch stop" },
    { where: "of a longer word", body: "/batchstop" },
  ])("$where", async ({ body }, { world }) => {
    const mark = world.github.log.length;
    expectNothing(world, await world.comment("olga", body));
    expect(world.github.calls(mark)).toEqual([]);
  });
});

test("a quote that a command continues is refused, because everybody else sees a quote", async ({ world }) => {
  const comment = await world.comment("olga", "> they said\n/batch stop");
  expect(world.held()).toEqual([]);
  expect(world.replies()).toEqual([expect.stringContaining("Put an empty line between the quote and the command")]);
  expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
});

describe("an edit", () => {
  test("that adds a command runs nothing, and says so once", async ({ world }) => {
    const comment = await world.comment("olga", "hello");
    await world.github.editCommentAs("olga", REPOSITORY, comment, "/batch stop");
    await world.quiet();
    await world.github.editCommentAs("olga", REPOSITORY, comment, "/batch stop homebrew");
    await world.quiet();
    expect(world.held()).toEqual([]);
    expect(world.replies()).toEqual([expect.stringContaining("An edit runs nothing")]);
  });

  test("that leaves the commands as they were says nothing", async ({ world }) => {
    const comment = await world.comment("olga", "/batch stop homebrew");
    await world.github.editCommentAs("olga", REPOSITORY, comment, "/batch stop homebrew\n\nthe mirror is down");
    await world.quiet();
    expect(world.replies()).toHaveLength(1);
  });

  test("that comes before its comment's own event does not keep the command from running", async ({ world }) => {
    world.github.onDelivery(({ event }) => (event === "issue_comment" ? "hold" : "send"));
    const comment = await world.comment("olga", "/batch stop homebrew");
    await world.github.editCommentAs("olga", REPOSITORY, comment, "/batch stop homebrew, please");
    world.github.release("reversed");
    await world.quiet();
    expect(world.held()).toEqual(["homebrew"]);
  });
});

describe("whoever is not a person is not obeyed:", () => {
  test("a bot's comment is ignored", async ({ world }) => {
    const comment = await asSeenWith(world, (payload) => {
      payload.sender.type = "Bot";
      payload.comment.user.type = "Bot";
    });
    expectNothing(world, comment);
  });

  test("a comment of a deleted account is ignored", async ({ world }) => {
    const comment = await asSeenWith(world, (payload) => {
      payload.comment.user = null;
    });
    expectNothing(world, comment);
  });

  test("a comment that a program wrote on a person's behalf is refused", async ({ world }) => {
    const comment = await asSeenWith(world, (payload) => {
      payload.comment.performed_via_github_app = { slug: "helpful-app" };
    });
    expect(world.held()).toEqual([]);
    expect(world.reactions(comment)).toEqual(["-1"]);
  });

  test("its own replies run nothing, whatever they quote", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — because\u2028/batch stop");
    await world.comment("olga", "/batch help stop");
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.replies()).toHaveLength(2);
  });

  /** A comment of olga's that GitHub reports otherwise. */
  async function asSeenWith(world: World, change: (payload: ReturnType<typeof JSON.parse>) => void): Promise<number> {
    world.github.onDelivery(() => "drop");
    const comment = await world.comment("olga", "/batch stop");
    const payload = JSON.parse(world.deliveryOf(comment).body);
    change(payload);
    expect((await world.webhook.deliver("issue_comment", payload)).status).toBe(202);
    await world.quiet();
    return comment;
  }
});

describe("several commands in one comment", () => {
  test("run in their order and are answered in one reply", async ({ world }) => {
    const comment = await world.comment("olga", "/batch stop homebrew\n\n/batch resume homebrew\n\n/batch status");
    expect(world.replies()).toHaveLength(1);
    expect(world.replies()[0]).toMatch(/Stopped: homebrew.*---.*Resumed: homebrew.*---.*Nothing is stopped/s);
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
    expect(world.held()).toEqual([]);
  });

  test("are answered by the gravest of their reactions", async ({ world }) => {
    const comment = await world.comment("olga", "/batch status\n/batch dance");
    expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
  });

  test("run up to the tenth; the rest is refused", async ({ world }) => {
    const lines = Array.from({ length: 11 }, (_, index) => `/batch stop e${index}`);
    const comment = await world.comment("olga", lines.join("\n"));
    expect(world.held()).toHaveLength(10);
    expect(world.replies()).toEqual([expect.stringContaining("Only the first 10 commands of a comment are run")]);
    expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
  });

  test("go on after one that failed", async ({ world }) => {
    world.github.fault({ method: "POST", path: `/repos/${REPOSITORY}/pulls`, status: 502, times: 3 });
    const comment = await world.comment("olga", "/batch stop homebrew\n/batch stop npm");
    expect(world.held()).toEqual(["npm"]);
    expect(world.replies()).toEqual([expect.stringMatching(/\*\*failed\*\*.*Stopped: npm/s)]);
    expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
  });
});

test("the longest comment that GitHub takes is answered", async ({ world }) => {
  const comment = await world.comment("olga", `/batch stop homebrew — ${"why ".repeat(16_378)}`);
  expect(world.replies()).toHaveLength(1);
  expect(world.reactions(comment)).toHaveLength(2);
});

test("a command below sixty thousand characters of noise is answered", async ({ world }) => {
  const comment = await world.comment("olga", `${"*[`".repeat(20_000)}\n\n/batch stop homebrew`);
  expect(world.replies()).toEqual([expect.stringContaining("too long or too intricate to be read safely")]);
  expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
});

test("a comment on a pull request is obeyed like one on an issue", async ({ world }) => {
  world.github.pushAs("olga", REPOSITORY, "feature", { "a.txt": "a" }, "a");
  const pull = await world.github.openPullAs("olga", REPOSITORY, { title: "a", head: "feature" });
  await world.comment("olga", "/batch stop homebrew", pull);
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.replies(pull)).toHaveLength(1);
});

test("a comment that is deleted before it is read is obeyed and answered: the stop was asked for", async ({
  world,
}) => {
  world.github.onDelivery(() => "hold");
  const comment = await world.comment("olga", "/batch stop homebrew");
  await world.github.deleteCommentAs("olga", REPOSITORY, comment);
  world.github.onDelivery(() => "send");
  world.github.release();
  await world.quiet();
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.replies()).toHaveLength(1);
});

test("a comment on a locked issue is obeyed and answered", async ({ world }) => {
  await world.github.lockIssueAs("olga", REPOSITORY, 1);
  await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.replies()).toHaveLength(1);
});
