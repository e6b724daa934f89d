import { describe, expect } from "vitest";
import { makeBatch, pathOf, recipe, recipesNamed, TODAY, test } from "./batch-story.ts";
import { CONFIGURATION, REPOSITORY, type World } from "./world.ts";

const BRANCH = `rollback-batch-${TODAY}`;
const rollbacks = (world: World) => world.pulls().filter(({ head }) => head === BRANCH);
const rollbackOf = (world: World) => rollbacks(world).at(-1);
const fileOn = (world: World, path: string, ref?: string) => world.github.fileAt(REPOSITORY, path, ref);
const lastReply = (world: World, issue = 1) => world.replies(issue).at(-1) ?? "";
const mainOf = (world: World) => world.github.branches(REPOSITORY).main;
const commitOn = (world: World, ref = BRANCH) => world.github.commits(REPOSITORY, { ref })[0];
const merge = async (world: World, login = "oscar") => {
  await world.github.mergeAs(login, REPOSITORY, rollbackOf(world)?.number ?? 0, { merge_method: "squash" });
  await world.quiet();
};

describe("a batch that nobody touched", () => {
  test("is taken back by one commit in one pull request, and by nothing else", async ({ world }) => {
    await makeBatch(world, { files: { ...recipesNamed("ninja", "xz"), "data/failures/homebrew.jsonl": "{}\n" } });
    const main = mainOf(world);
    const comment = await world.comment("olga", `/batch rollback ${TODAY} — broken downloads`);
    expect(lastReply(world)).toMatch(
      /\*\*Not rolled back yet\*\*: \[#\d+\]\(.+\) is open\. It is for a person to merge\./,
    );
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
    expect(rollbackOf(world)).toMatchObject({
      state: "open",
      title: `Rollback batch ${TODAY}`,
      author: "batchkeeper[bot]",
      labels: ["batchkeeper"],
      base: "main",
    });
    expect(commitOn(world)).toMatchObject({
      parents: [main],
      verified: true,
      files: [pathOf("ninja"), pathOf("xz")],
      trailers: { "Batchkeeper-Rollback": TODAY, "Batchkeeper-Recipes": "2/2" },
    });
    expect(fileOn(world, "data/failures/homebrew.jsonl", BRANCH)).toBe("{}\n");
    expect(mainOf(world)).toBe(main);
  });

  test("is told in the pull request so that a person can decide", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    await world.push("olga", { "recipes/t/tar.toml": recipe("tar", { needs: ["xz"] }) });
    await world.comment("olga", `/batch rollback ${TODAY} — @everyone fixes #1`);
    const body = rollbackOf(world)?.body ?? "";
    expect(body).toContain("**2 recipes**: 2 deleted.");
    expect(body).toContain("Asked for by `olga` in [a comment](");
    expect(body).toContain("Reason: `@everyone fixes #1`.");
    expect(body).toContain("| `recipes/x/xz.toml` | deleted | ⚠️ needed by `tar` |");
    expect(body).toContain(`\`/batch rollback ${TODAY} --undo\``);
    expect(commitOn(world)?.message).not.toContain("everyone");
  });

  test("--dry-run shows the plan and changes nothing", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    const before = { branches: world.github.branches(REPOSITORY), pulls: world.pulls() };
    await world.comment("olga", `/batch rollback ${TODAY} --dry-run`);
    expect(lastReply(world)).toContain("**Nothing was changed.**");
    expect(lastReply(world)).toContain("**2 recipes**: 2 deleted.");
    expect({ branches: world.github.branches(REPOSITORY), pulls: world.pulls() }).toEqual(before);
  });

  test("--only takes back what the globs mean", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("libpng", "libxml", "xz") });
    await world.comment("olga", `/batch rollback ${TODAY} --only lib*, recipes/z/** — half of it`);
    expect(lastReply(world)).toContain("no recipe of the batch is meant by `recipes/z/**`");
    expect(rollbacks(world)).toEqual([]);
    await world.comment("olga", `/batch rollback ${TODAY} --only lib* — half of it`);
    expect(commitOn(world)?.files).toEqual([pathOf("libpng"), pathOf("libxml")]);
    expect(commitOn(world)?.trailers).toMatchObject({ "Batchkeeper-Recipes": "2/3" });
  });
});

describe("what happened since", () => {
  test("is kept, and the commits and people are named", async ({ world }) => {
    await makeBatch(world, { files: { ...recipesNamed("ninja", "xz", "zstd"), [pathOf("gone")]: "gone\n" } });
    await world.push("rita", { [pathOf("xz")]: recipe("xz", { lines: "# by rita\n" }) }, "fix(xz): <b>mirror</b>");
    await world.push("olga", {
      [pathOf("gone")]: null,
      "recipes/n/new-name.toml": recipe("zstd"),
      [pathOf("zstd")]: null,
    });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    const body = rollbackOf(world)?.body ?? "";
    expect(commitOn(world)?.files).toEqual([pathOf("ninja")]);
    expect(body).toContain("**4 recipes**: 1 deleted, 1 kept, 2 already gone.");
    expect(body).toMatch(
      /`recipes\/x\/xz.toml` \| \*\*kept\*\* \| changed since by \[`[0-9a-f]{9}`\]\(.+\) by `rita` \(`fix\(xz\): <b>mirror<\/b>`\)/,
    );
    expect(body).toContain("its content is now `recipes/n/new-name.toml`");
    expect(body).toMatch(/`recipes\/g\/gone.toml` \| already gone \| removed by .+ by `olga`/);
  });

  test("a sweep is named as such, and --include-swept takes back what only it touched", async ({ world }) => {
    const others = Object.fromEntries(Array.from({ length: 55 }, (_, index) => [`recipes/o/o${index}.toml`, "1\n"]));
    await world.push("olga", others, "many recipes");
    await makeBatch(world, { files: recipesNamed("ninja", "xz", "zstd") });
    await world.push("rita", { [pathOf("xz")]: recipe("xz", { lines: "# by rita\n" }) }, "fix xz");
    const swept = Object.fromEntries(
      [...Object.keys(others), pathOf("ninja"), pathOf("xz")].map((path) => [path, `swept\n${fileOn(world, path)}`]),
    );
    await world.push("olga", swept, "refactor: all recipes");
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(commitOn(world)?.files).toEqual([pathOf("zstd")]);
    expect(rollbackOf(world)?.body).toMatch(
      /ninja.toml` \| \*\*kept\*\* \| changed since by .+ a sweep over more than 50 recipes\) \(only by sweeps over 50 recipes: `--include-swept` takes it back\)/,
    );
    await world.comment("olga", `/batch rollback ${TODAY} --include-swept`);
    expect(commitOn(world)?.files).toEqual([pathOf("ninja"), pathOf("zstd")]);
    expect(fileOn(world, pathOf("xz"), BRANCH)).toContain("# by rita");
    expect(rollbacks(world)).toHaveLength(1);
  });

  test("a curated recipe is kept", async ({ world }) => {
    await makeBatch(world, {
      files: { ...recipesNamed("ninja"), [pathOf("gh")]: recipe("gh", { lines: "curated = true\n" }) },
    });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(commitOn(world)?.files).toEqual([pathOf("ninja")]);
    expect(rollbackOf(world)?.body).toContain("| `recipes/g/gh.toml` | **kept** | curated: a person answers for it |");
  });

  test("what the batch changed or removed is restored byte for byte, with its mode", async ({ world }) => {
    await world.push("olga", { [pathOf("xz")]: "by hand\r\n\u0000", [pathOf("zip")]: "zip\n" });
    await makeBatch(world, {
      files: { [pathOf("xz")]: recipe("xz"), [pathOf("zip")]: null, ...recipesNamed("ninja") },
    });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(fileOn(world, pathOf("xz"), BRANCH)).toBe("by hand\r\n\u0000");
    expect(fileOn(world, pathOf("zip"), BRANCH)).toBe("zip\n");
    expect(rollbackOf(world)?.body).toContain("1 deleted, 2 restored to what it was.");
  });
});

describe("asked again", () => {
  test("nothing new is made while nothing moved", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    const before = { pulls: world.pulls().length, head: commitOn(world)?.sha };
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain("was open already and is up to date");
    expect({ pulls: world.pulls().length, head: commitOn(world)?.sha }).toEqual(before);
  });

  test("the same pull request is brought up to date when the default branch moved", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    const { number } = rollbackOf(world) ?? {};
    const main = await world.push("rita", { [pathOf("xz")]: "by rita\n" }, "fix xz");
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain("was brought up to date");
    expect(rollbackOf(world)).toMatchObject({ number, state: "open" });
    expect(rollbackOf(world)?.body).toContain("`rita`");
    expect(commitOn(world)).toMatchObject({ parents: [main], files: [pathOf("ninja")] });
  });

  test("what a person pushed to the branch is not discarded", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    const sha = world.github.pushAs("oscar", REPOSITORY, BRANCH, { "NOTES.md": "look\n" }, "a note");
    await world.push("rita", { "a.txt": "1" });
    const comment = await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
    expect(lastReply(world)).toContain("bringing it up to date would discard it");
    expect(world.github.branches(REPOSITORY)[BRANCH]).toBe(sha);
  });

  test("a default branch that moves during the work is planned for again, in the same pull request", async ({
    world,
  }) => {
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    let moved = "";
    world.beforeNext({ method: "POST", path: /\/git\/commits$/ }, () => {
      moved = world.github.pushAs("rita", REPOSITORY, "main", { [pathOf("xz")]: "by rita\n" }, "fix xz");
    });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(commitOn(world)).toMatchObject({ parents: [moved], files: [pathOf("ninja")] });
    expect(rollbacks(world)).toHaveLength(1);
    expect(rollbackOf(world)).toMatchObject({ state: "open" });
  });
});

describe("the end of it", () => {
  test("is told in the thread and in the incident, with what the pipeline still believes", async ({ world }) => {
    const queue = {
      schema_version: 1,
      entries: [
        { name: "ninja", source: "homebrew:ninja", status: "success" },
        { name: "task", source: "homebrew:go-task", status: "pending" },
        { name: "xz", source: "homebrew:xz", status: "failed" },
      ],
    };
    await world.push("olga", { "data/queues/priority-queue.json": JSON.stringify(queue) });
    await makeBatch(world, { files: recipesNamed("ninja", "xz") });
    const incident = await world.github.openIssueAs("olga", REPOSITORY, { title: "Broken downloads" });
    await world.comment("olga", `/batch rollback ${TODAY} — see ${world.github.url}/${REPOSITORY}/issues/${incident}`);
    await merge(world);
    for (const issue of [1, incident]) {
      expect(world.replies(issue).at(-1)).toContain(`**Rolled back: batch \`${TODAY}\`.**`);
      expect(world.replies(issue).at(-1)).toContain("will not make them again: `homebrew:ninja`.");
    }
    const told = world.replies(incident).length;
    const closed = world.github.deliveries.findLast(
      ({ event, action }) => event === "pull_request" && action === "closed",
    );
    if (closed) await world.redeliver(closed);
    expect(world.replies(incident)).toHaveLength(told);
    await world.comment("rita", "/batch batches");
    expect(lastReply(world)).toMatch(new RegExp(`\\| \`${TODAY}\` \\| .+ \\*\\*rolled back\\*\\* with \\[#\\d+\\]`));
  });

  test("is told when the pull request is closed instead", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    await world.github.editIssueAs("oscar", REPOSITORY, rollbackOf(world)?.number ?? 0, { state: "closed" });
    await world.quiet();
    expect(lastReply(world)).toContain("was closed without being merged: nothing was changed.");
  });

  test("undo opens the reverse, and merged the tree is exactly what it was", async ({ world }) => {
    await world.push("olga", { [pathOf("zip")]: "zip\n" });
    await makeBatch(world, { files: { ...recipesNamed("ninja", "xz"), [pathOf("zip")]: "changed\n" } });
    await world.comment("olga", `/batch rollback ${TODAY} --undo`);
    expect(lastReply(world)).toContain("There is nothing to undo. No rollback");
    await world.comment("olga", `/batch rollback ${TODAY}`);
    await world.comment("olga", `/batch rollback ${TODAY} --undo`);
    expect(lastReply(world)).toContain("**closing it** is all it takes");
    const files = () => [pathOf("ninja"), pathOf("xz"), pathOf("zip")].map((path) => fileOn(world, path));
    const before = files();
    await merge(world);
    expect(files()).toEqual([null, null, "zip\n"]);
    await world.comment("olga", `/batch rollback ${TODAY} --undo — it was the mirror`);
    const undo = world.pulls().at(-1);
    expect(undo).toMatchObject({ head: `undo-${BRANCH}`, title: `Undo the rollback of batch ${TODAY}` });
    await world.github.mergeAs("oscar", REPOSITORY, undo?.number ?? 0, { merge_method: "squash" });
    await world.quiet();
    expect(files()).toEqual(before);
    expect(lastReply(world)).toContain("**The rollback is undone**");
    await world.comment("rita", "/batch batches");
    expect(lastReply(world)).toContain("rollback undone with");
    await world.comment("olga", `/batch rollback ${TODAY} — once more`);
    expect(commitOn(world)?.files).toEqual([pathOf("ninja"), pathOf("xz"), pathOf("zip")]);
  });
});

describe("who decides", () => {
  test("over ten recipes a review is asked of the other operators, and the app never merges", async ({ world }) => {
    await world.push("olga", { [CONFIGURATION]: "pull_requests: { rollback: merge }\n" });
    const many = recipesNamed(..."abcdefghijk".split("").map((letter) => `${letter}tool`));
    await makeBatch(world, { files: many });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(rollbackOf(world)).toMatchObject({ state: "open", reviewers: ["acme", "pipeline", "oscar"] });
    expect(rollbackOf(world)?.labels).toEqual(["batchkeeper"]);
    expect(rollbackOf(world)?.body).toContain("**A second operator must look at this before it is merged**");
    expect(lastReply(world)).toContain("**a second operator must look at it** before it is merged");
  });

  test("up to ten recipes are merged at once where the settings say so", async ({ world }) => {
    await world.push("olga", { [CONFIGURATION]: "pull_requests: { rollback: merge }\n" });
    await makeBatch(world, { files: recipesNamed("ninja") });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    expect(rollbackOf(world)).toMatchObject({ merged: true });
    expect(fileOn(world, pathOf("ninja"))).toBeNull();
    expect(commitOn(world, "main")?.trailers).toMatchObject({ "Batchkeeper-Rollback": TODAY });
  });

  test("who may only read is refused, and may look", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("ninja") });
    await world.comment("rita", `/batch rollback ${TODAY}`);
    expect(lastReply(world)).toContain("**refused**");
    expect(rollbacks(world)).toEqual([]);
    await world.comment("rita", `/batch show ${TODAY}`);
    expect(lastReply(world)).toContain("| `recipes/n/ninja.toml` | added by the batch, as it was |");
  });
});
