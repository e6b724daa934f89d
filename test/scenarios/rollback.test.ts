import { describe, expect } from "vitest";
import { makeBatch, pathOf, recipesNamed, TODAY, test } from "./batch-story.ts";
import { REPOSITORY, type World } from "./world.ts";

const rollbackOf = (world: World) => world.pulls().findLast(({ head }) => head === `rollback-batch-${TODAY}`);
const fileOn = (world: World, path: string, ref?: string) => world.github.fileAt(REPOSITORY, path, ref);
const lastReply = (world: World, issue = 1) => world.replies(issue).at(-1) ?? "";

describe("a batch that nobody touched", () => {
  test("is taken back by one commit in one pull request, and by nothing else", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    const main = world.github.branches(REPOSITORY).main;
    const comment = await world.comment("olga", `/batch rollback ${TODAY} — broken downloads`);
    expect(lastReply(world)).toContain("**Not rolled back yet**");
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
    const pull = rollbackOf(world);
    expect(pull).toMatchObject({
      state: "open",
      title: `Rollback batch ${TODAY}`,
      author: "batchkeeper[bot]",
      labels: ["batchkeeper"],
      base: "main",
    });
    const [commit] = world.github.commits(REPOSITORY, { ref: `rollback-batch-${TODAY}` });
    expect(commit).toMatchObject({
      parents: [main],
      verified: true,
      files: [pathOf("ninja"), pathOf("xz")],
      trailers: { "Batchkeeper-Rollback": TODAY, "Batchkeeper-Recipes": "2/2" },
    });
    expect(fileOn(world, pathOf("xz"), `rollback-batch-${TODAY}`)).toBeNull();
    expect(fileOn(world, pathOf("cmake"), `rollback-batch-${TODAY}`)).not.toBeNull();
    expect(world.github.branches(REPOSITORY).main).toBe(main);
  });
});
