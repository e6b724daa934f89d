import { describe, expect } from "vitest";
import { makeBatch, pathOf, recipe, recipesNamed, TODAY, test } from "./batch-story.ts";
import { REPOSITORY, type World } from "./world.ts";

const BRANCH = `rollback-batch-${TODAY}`;
const fileOn = (world: World, path: string, ref = BRANCH) => world.github.fileAt(REPOSITORY, path, ref);
const lastReply = (world: World) => world.replies().at(-1) ?? "";
const hasRollback = (world: World) => world.pulls().some(({ head }) => head.startsWith("rollback-batch-"));
const filesOf = (world: World) => world.github.commits(REPOSITORY, { ref: BRANCH })[0]?.files;

describe("an id", () => {
  test.for([
    ["nothing", "", "It needs the id of a batch"],
    ["a word", "homebrew", "`homebrew` is no batch id"],
    ["no day of the calendar", "2026-02-30", "`2026-02-30` is no batch id"],
    ["with an invisible character", "2026-02\u200B-18", "it contains U+200B"],
    ["of another repository", "acme/other#2026-02-18", "A batch of another repository is rolled back there."],
    ["with a path in it", "2026-02-18-../../main", "is no batch id"],
    ["with Markdown", "2026-02-18-`x`|@all", "is no batch id"],
  ])("that is %s is refused", async ([, id, answer], { world }) => {
    const comment = await world.comment("olga", `/batch rollback ${id}`);
    expect(lastReply(world)).toContain(answer);
    expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
    expect(hasRollback(world)).toBe(false);
  });

  test("that no batch has is answered with the nearest", async ({ world }) => {
    await makeBatch(world, { id: `${TODAY}-homebrew`, files: recipesNamed("ninja") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain(
      `No batch of this repository has the id \`${TODAY}\`. The nearest are \`${TODAY}-homebrew\`.`,
    );
    await world.comment("olga", "/batch rollback 2020-01-01-001");
    expect(lastReply(world)).toContain(`The nearest are \`${TODAY}-homebrew\`.`);
  });

  test("that is the beginning of another is not the other's", async ({ world }) => {
    await makeBatch(world, { id: `${TODAY}-homebrew`, files: recipesNamed("ninja") });
    await makeBatch(world, { id: `${TODAY}-001`, files: recipesNamed("jq") });
    await makeBatch(world, { files: recipesNamed("xz") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)).toEqual([pathOf("xz")]);
  });

  test("that several pull requests share is asked about", async ({ world }) => {
    const first = await makeBatch(world, { files: recipesNamed("ninja") });
    const second = await makeBatch(world, { files: recipesNamed("xz") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain("**Say which**: `--pr <number>` or `--all`.");
    expect(lastReply(world)).toMatch(new RegExp(`#${first}\\].+\\| \`ninja\` \\|[^]+#${second}\\].+\\| \`xz\` \\|`));
    expect(hasRollback(world)).toBe(false);
    await world.comment("olga", `/batch rollback ${TODAY} --pr 1`);
    expect(lastReply(world)).toContain("#1 is not one of the merged pull requests");
    await world.comment("olga", `/batch rollback ${TODAY} --pr #${second}`);
    expect(filesOf(world)).toEqual([pathOf("xz")]);
    await world.comment("olga", `/batch rollback ${TODAY} --all`);
    expect(filesOf(world)).toEqual([pathOf("ninja"), pathOf("xz")]);
    await world.comment("olga", `/batch rollback ${TODAY} --all --pr ${second}`);
    expect(lastReply(world)).toContain("give one of the two");
  });

  test("of a batch that is not merged is answered with its pull request", async ({ world }) => {
    const number = await makeBatch(world, { files: recipesNamed("ninja"), merged: false });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toMatch(
      new RegExp(`was not merged: \\[#${number}\\].+\\(open\\).+\\*\\*close \\[#${number}\\]`),
    );
    expect(hasRollback(world)).toBe(false);
  });
});

describe("a batch is found", () => {
  const files = recipesNamed("ninja");
  const day = TODAY.replaceAll("-", "");

  test("by the id on the default branch, without a pull request", async ({ world }) => {
    await world.push("pipeline", files, `chore: add homebrew recipes batch_id: ${TODAY}-001`);
    await world.comment("olga", `/batch rollback ${TODAY}-001`);
    expect(world.pulls().at(-1)).toMatchObject({ head: `rollback-batch-${TODAY}-001`, state: "open" });
  });

  test("by the id of a run in the body of a pull request of any branch", async ({ world }) => {
    world.github.pushAs("pipeline", REPOSITORY, "recipes-of-the-day", files, "new recipes");
    const number = await world.github.openPullAs("pipeline", REPOSITORY, {
      title: "New recipes",
      head: "recipes-of-the-day",
      body: `batch_id: 17352-${day}`,
    });
    await world.github.mergeAs("pipeline", REPOSITORY, number, { merge_method: "squash", commit_message: "" });
    await world.comment("olga", `/batch rollback 17352-${day}`);
    expect(world.pulls().at(-1)).toMatchObject({ head: `rollback-batch-17352-${day}`, state: "open" });
  });

  test("by its title, or by nothing but the day in its branch and the ecosystem", async ({ world }) => {
    const land = async (head: string, title: string, name: string) => {
      world.github.pushAs("pipeline", REPOSITORY, head, recipesNamed(name), "recipes");
      const number = await world.github.openPullAs("pipeline", REPOSITORY, { title, head });
      await world.github.mergeAs("pipeline", REPOSITORY, number, { merge_method: "squash" });
    };
    await land(`batch/${day}-000001`, `feat(recipes): add batch ${TODAY}-npm recipes`, "left-pad");
    await land(`batch/homebrew-${day}-000002`, "feat(recipes): add batch homebrew recipes (1 recipes)", "ninja");
    await world.quiet();
    await world.comment("olga", `/batch rollback ${TODAY}-npm`);
    expect(world.pulls().at(-1)).toMatchObject({ head: `rollback-batch-${TODAY}-npm` });
    await world.comment("olga", `/batch rollback ${TODAY}-homebrew`);
    expect(world.pulls().at(-1)).toMatchObject({ head: `rollback-batch-${TODAY}-homebrew` });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain(`No batch of this repository has the id \`${TODAY}\``);
  });

  test.for(["squash", "merge", "rebase"] as const)("however it was merged: %s", async (method, { world }) => {
    const head = `batch/${day}-000003`;
    world.github.pushAs("pipeline", REPOSITORY, head, recipesNamed("ninja"), `first\n\nbatch_id: ${TODAY}`);
    world.github.pushAs("pipeline", REPOSITORY, head, recipesNamed("xz"), "second");
    await world.push("rita", { [pathOf("zip")]: "zip\n" }, "unrelated");
    const number = await world.github.openPullAs("pipeline", REPOSITORY, { title: "Recipes", head });
    await world.github.mergeAs("pipeline", REPOSITORY, number, { merge_method: method });
    await world.quiet();
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)).toEqual([pathOf("ninja"), pathOf("xz")]);
  });

  test("and never a pull request that only speaks of it, nor a revert, nor a rollback", async ({ world }) => {
    await makeBatch(world, { files });
    world.github.pushAs(
      "olga",
      REPOSITORY,
      "fix/xz",
      { [pathOf("xz")]: recipe("xz") },
      `fix what batch ${TODAY} broke`,
    );
    const fix = await world.github.openPullAs("olga", REPOSITORY, { title: `Fix batch ${TODAY}`, head: "fix/xz" });
    await world.github.mergeAs("olga", REPOSITORY, fix, { merge_method: "squash" });
    const script = `chore: rollback batch ${TODAY}\n\nbatch_id: ${TODAY}\nrollback_reason: manual rollback request\n`;
    await world.push("olga", { [pathOf("cmake")]: "touched\n" }, script);
    await world.push(
      "olga",
      { [pathOf("cmake")]: "again\n" },
      `Revert "feat(recipes): add batch ${TODAY} recipes"\n\nbatch_id: ${TODAY}`,
    );
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)).toEqual([pathOf("ninja")]);
  });
});

describe("a batch", () => {
  test("of 1,000 recipes is taken back whole, without a call for each", async ({ world }) => {
    const many = Array.from({ length: 1000 }, (_, index) => [`recipes/${index % 26}/r${index}.toml`, `# ${index}\n`]);
    await makeBatch(world, { files: Object.fromEntries(many) });
    const mark = world.github.log.length;
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(world.github.calls(mark).length).toBeLessThanOrEqual(30);
    expect(filesOf(world)).toHaveLength(1000);
    expect(world.pulls().at(-1)?.body.length).toBeLessThan(65_536);
  });

  test("that is half rolled back has its other half taken back", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    await world.comment("olga", `/batch rollback ${TODAY} --only xz`);
    await world.github.mergeAs("oscar", REPOSITORY, world.pulls().at(-1)?.number ?? 0, { merge_method: "squash" });
    await world.quiet();
    await world.comment("rita", "/batch batches");
    expect(lastReply(world)).toContain("(1 of 2 recipes)");
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)).toEqual([pathOf("ninja")]);
    expect(world.pulls().at(-1)?.body).toContain("1 deleted, 1 already gone.");
    await world.github.mergeAs("oscar", REPOSITORY, world.pulls().at(-1)?.number ?? 0, { merge_method: "squash" });
    await world.quiet();
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain("**Nothing is left to take back.**");
  });

  test("whose commit is gone after a forced push is refused, and nothing is made", async ({ world }) => {
    const before = world.github.branches(REPOSITORY).main ?? "";
    const number = await makeBatch(world, { files: recipesNamed("ninja") });
    world.github.forcePush(REPOSITORY, "main", before);
    world.github.forgetCommit(REPOSITORY, world.pulls().find((pull) => pull.number === number)?.mergeCommitSha ?? "");
    const comment = await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain("**Nothing was changed**: the commit that merged");
    expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
    expect(hasRollback(world)).toBe(false);
  });

  test("whose commit a forced push took off the default branch is compared by content", async ({ world }) => {
    const before = world.github.branches(REPOSITORY).main ?? "";
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    world.github.forcePush(REPOSITORY, "main", before);
    await world.push("olga", { ...recipesNamed("ninja"), [pathOf("xz")]: "other\n" }, "history, rewritten");
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)).toEqual([pathOf("ninja")]);
  });
});

describe("a path", () => {
  test("with blanks, Unicode, bars and backquotes is taken back and shown as text", async ({ world }) => {
    const strange = [
      "recipes/a b/ü ñ.toml",
      "recipes/x/`a`|b.toml",
      "recipes/x/<img src=x>@all.toml",
      "recipes/日本/語.toml",
    ];
    await makeBatch(world, { files: Object.fromEntries(strange.map((path) => [path, "1\n"])) });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)?.toSorted()).toEqual(strange.toSorted());
    expect(world.pulls().at(-1)?.body).toContain("``recipes/x/`a`\\|b.toml``");
  });

  test("that is a symbolic link, a submodule or executable comes back as it was", async ({ world }) => {
    const target = world.github.pushEntries(REPOSITORY, "main", {
      "recipes/l/link.toml": { mode: "120000", text: "../c/cmake.toml" },
      "recipes/s/run.toml": { mode: "100755", text: "#!/bin/sh\n" },
      "recipes/v/vendored": { mode: "160000", commit: "0123456789012345678901234567890123456789" },
    });
    await makeBatch(world, {
      files: { "recipes/l/link.toml": "1\n", "recipes/s/run.toml": null, "recipes/v/vendored": null },
    });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(world.github.entriesAt(REPOSITORY, BRANCH)).toEqual(world.github.entriesAt(REPOSITORY, target));
  });

  test("that the batch renamed has its old name again", async ({ world }) => {
    await world.push("olga", { "recipes/o/old.toml": "same\n" });
    await makeBatch(world, { files: { "recipes/o/old.toml": null, "recipes/n/new.toml": "same\n" } });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)).toEqual(["recipes/o/old.toml"]);
    expect([fileOn(world, "recipes/o/old.toml"), fileOn(world, "recipes/n/new.toml")]).toEqual(["same\n", null]);
  });

  test("whose mode somebody changed since is kept", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    world.github.pushEntries(REPOSITORY, "main", { [pathOf("xz")]: { mode: "100755", text: recipe("xz") } });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(filesOf(world)).toEqual([pathOf("ninja")]);
  });

  test("where a folder stands now is not restored over it", async ({ world }) => {
    await world.push("olga", { "recipes/z": "a file\n" });
    await makeBatch(world, { files: { "recipes/z": null, ...recipesNamed("ninja") } });
    await world.push("rita", { "recipes/z/zip.toml": recipe("zip") }, "add zip");
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(fileOn(world, "recipes/z/zip.toml")).toBe(recipe("zip"));
    expect(world.pulls().at(-1)?.body).toContain("`recipes/z/zip.toml` stands where it was");
  });
});

test("a tree that GitHub truncates is read folder by folder, and refused when even that is not whole", async ({
  world,
}) => {
  await makeBatch(world, { files: recipesNamed("ninja", "xz", "zip", "zstd") });
  world.github.truncateTreesOver(4);
  await world.comment("olga", `/batch rollback ${TODAY}`);
  expect(filesOf(world)).toEqual(["ninja", "xz", "zip", "zstd"].map(pathOf));
  await makeBatch(world, { id: `${TODAY}-002`, files: recipesNamed("aa", "bb") });
  world.github.truncateTreesOver(1);
  await world.comment("olga", `/batch rollback ${TODAY}-002`);
  expect(lastReply(world)).toContain("**failed**");
  expect(lastReply(world)).toContain("more entries than GitHub lists");
  expect(world.pulls().some(({ head }) => head === `rollback-batch-${TODAY}-002`)).toBe(false);
});
