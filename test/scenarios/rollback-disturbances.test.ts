import { describe, expect } from "vitest";
import { makeBatch, pathOf, recipesNamed, TODAY, test } from "./batch-story.ts";
import { itEndsTheSameWhenACallFails, type Story } from "./disturbance.ts";
import { REPOSITORY, type World } from "./world.ts";

const BRANCH = `rollback-batch-${TODAY}`;
const NAMES = "abcdefghijk".split("").map((letter) => `${letter}tool`);

/** Enough recipes for a review to be asked for, one of them touched since, so that every kind of call is made. */
async function prepare(world: World): Promise<void> {
  await makeBatch(world, { files: recipesNamed(...NAMES, "ztool"), by: "acme" });
  await world.push("rita", { [pathOf("ztool")]: "by rita\n" }, "fix ztool");
  await world.github.openIssueAs("olga", REPOSITORY, { title: "Label", labels: ["batchkeeper"] });
  await world.quiet();
}

function ending(world: World): unknown {
  const pulls = world.pulls().filter(({ head }) => head === BRANCH);
  return {
    pulls: pulls.map(({ title, state, labels, reviewers }) => ({ title, state, labels, reviewers })),
    commits: world.github.commits(REPOSITORY, { ref: BRANCH }).map(({ files }) => files),
    branches: Object.keys(world.github.branches(REPOSITORY)).filter((name) => !name.startsWith("batch/")),
    replies: world.replies().map((reply) =>
      reply
        .split("\n\n")
        .slice(0, 3)
        .join("\n")
        .replaceAll(/127\.0\.0\.1:\d+/g, "github.test"),
    ),
    reactions: world.github.comments(REPOSITORY, 1).map(({ id }) => world.reactions(id)),
  };
}

const ROLLBACK: Story = {
  prepare,
  happen: async (world) => void (await world.comment("olga", `/batch rollback ${TODAY} — broken`)),
  ending,
};

const END: Story = {
  prepare: async (world) => {
    await prepare(world);
    await world.push("olga", {
      "data/queues/priority-queue.json": JSON.stringify({ entries: [{ name: "atool", status: "success" }] }),
    });
    await ROLLBACK.happen(world);
  },
  happen: async (world) => {
    const pull = world.pulls().findLast(({ head }) => head === BRANCH);
    await world.github.mergeAs("acme", REPOSITORY, pull?.number ?? 0, { merge_method: "squash" });
    await world.quiet();
  },
  ending: (world) => ({
    replies: world.replies().length,
    last: world
      .replies()
      .at(-1)
      ?.replaceAll(/127\.0\.0\.1:\d+/g, ""),
  }),
};

describe("a rollback", () => itEndsTheSameWhenACallFails(ROLLBACK));
describe("the end of a rollback", () => itEndsTheSameWhenACallFails(END));

test("a comment whose reply was lost opens nothing against what somebody wanted since", async ({ world }) => {
  await makeBatch(world, { files: recipesNamed("ninja") });
  const path = `/repos/${REPOSITORY}/issues/1/comments`;
  // Three times the reply is lost. Before the event is handled again, somebody closes the pull request.
  world.github.fault({ method: "POST", path, status: 502, times: 2 });
  const third = world.github.fault({ method: "POST", path, status: 502, times: 1, latencyMs: 200 });
  const watch = setInterval(() => {
    if (third.hits === 0) return;
    clearInterval(watch);
    const pull = world.pulls().findLast(({ head }) => head === BRANCH);
    void world.github.editIssueAs("oscar", REPOSITORY, pull?.number ?? 0, { state: "closed" });
  }, 1);
  await world.comment("olga", `/batch rollback ${TODAY}`);
  expect(world.pulls().filter(({ head }) => head === BRANCH)).toMatchObject([{ state: "closed" }]);
  expect(world.replies().some((reply) => reply.includes("**Done before**"))).toBe(true);
});

test("a tree that is too much for one call is written in parts, and the rollback is whole", async ({ world }) => {
  await makeBatch(world, { files: recipesNamed(...NAMES) });
  const message = "Sorry, your request timed out. It's likely that your input was too large to process.";
  world.github.fault({ method: "POST", path: /\/git\/trees$/, status: 422, body: { message }, times: 2 });
  await world.comment("olga", `/batch rollback ${TODAY}`);
  expect(world.github.commits(REPOSITORY, { ref: BRANCH })[0]?.files).toEqual(NAMES.map(pathOf));
});
