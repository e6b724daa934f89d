import { describe, expect } from "vitest";
import { gateOf, openBatch, pullOf } from "./batch-pull.ts";
import { CONFIGURATION, REPOSITORY, test, testIn } from "./world.ts";

describe("the gate of a batch pull request", () => {
  test("passes while nothing is stopped, from the moment it is opened", async ({ world }) => {
    const batch = await openBatch(world, { results: ["homebrew"] });
    expect(gateOf(world, batch)).toMatchObject({ conclusion: "success", title: "Nothing holds this batch" });
  });

  test.for([
    ["its results", { results: ["homebrew"] }],
    ["its title", { title: "Add Homebrew recipes" }],
    ["its body", { body: "| homebrew | 9 |" }],
    ["the origin of its recipes", { recipes: { cmake: "homebrew" } }],
    ["the origin of its recipes, on any branch", { branch: "by-hand", recipes: { cmake: "homebrew" } }],
  ] as const)("fails under a stop of an ecosystem that %s name", async ([, pull], { world }) => {
    await world.run({ homebrew: "success" });
    const batch = await openBatch(world, pull);
    await world.comment("olga", "/batch stop homebrew — mirror returns 503");
    expect(gateOf(world, batch)).toMatchObject({ conclusion: "failure", title: "Held: homebrew is stopped" });
    expect(gateOf(world, batch)?.summary).toMatch(
      /by `olga` since \S+: `mirror returns 503`\..*`\/batch resume --hold h-/,
    );
  });

  test("passes under a stop of another ecosystem, and is not written again", async ({ world }) => {
    const npm = await openBatch(world, { results: ["npm"] });
    const before = world.github.log.length;
    await world.comment("olga", "/batch stop homebrew");
    expect(gateOf(world, npm)?.conclusion).toBe("success");
    expect(world.github.calls(before).filter(({ path }) => path.includes("check-runs"))).toEqual([]);
  });

  test("of ecosystems that nobody can tell fails under a stop of everything only, and says so", async ({ world }) => {
    const batch = await openBatch(world, {});
    await world.comment("olga", "/batch stop homebrew");
    expect(gateOf(world, batch)).toMatchObject({ conclusion: "success" });
    expect(gateOf(world, batch)?.summary).toContain("only a stop of everything holds it");
    await world.comment("olga", "/batch stop");
    expect(gateOf(world, batch)).toMatchObject({ conclusion: "failure", title: "Held: everything is stopped" });
  });

  test("is one check run that is changed, however often the verdict changes", async ({ world }) => {
    const batch = await openBatch(world, { results: ["homebrew"] });
    const first = gateOf(world, batch)?.id;
    for (const command of ["/batch stop homebrew", "/batch resume homebrew", "/batch stop", "/batch resume"]) {
      await world.comment("olga", command);
    }
    expect(gateOf(world, batch)).toMatchObject({ id: first, conclusion: "success" });
  });

  test("fails while the breaker of its ecosystem is open, and passes when it is due", async ({ world }) => {
    const batch = await openBatch(world, { results: ["npm"] });
    for (let run = 0; run < 5; run += 1) await world.run({ npm: "failure" });
    expect(gateOf(world, batch)).toMatchObject({ conclusion: "failure", title: "Held: circuit breaker of npm open" });
    expect(gateOf(world, batch)?.summary).toContain("because its runs failed");
    await world.pass(61 * 60_000);
    expect(gateOf(world, batch)?.conclusion).toBe("success");
  });

  test("is set on a new head, and on a batch that is opened, reopened or renamed under a stop", async ({ world }) => {
    await world.run({ homebrew: "success" });
    const batch = await openBatch(world, { results: ["homebrew"], branch: "batch/1" });
    await world.comment("olga", "/batch stop homebrew, npm");
    world.github.pushAs("acme", REPOSITORY, "batch/1", { "recipes/x.toml": "" }, "more");
    await world.quiet();
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    const late = await openBatch(world, { title: "batch of npm" });
    expect(gateOf(world, late)?.conclusion).toBe("failure");
    await world.github.editPullAs("acme", REPOSITORY, late, { title: "batch of pypi" });
    await world.quiet();
    expect(gateOf(world, late)?.conclusion).toBe("success");
  });

  test("follows a stop and its end that are made by hand", async ({ world }) => {
    const batch = await openBatch(world, { results: ["homebrew"] });
    await world.editControl("paul", { disabled_ecosystems: ["homebrew"] });
    expect(gateOf(world, batch)?.summary).toContain("by `paul`");
    await world.editControl("paul", { disabled_ecosystems: [] });
    expect(gateOf(world, batch)?.conclusion).toBe("success");
  });

  test("that is missing or says something else after downtime is put right by the next look", async ({ world }) => {
    world.github.onDelivery(() => "drop");
    const batch = await openBatch(world, { results: ["homebrew"] });
    expect(gateOf(world, batch)).toBeNull();
    world.github.onDelivery(() => "send");
    await world.pass(6 * 60_000);
    expect(gateOf(world, batch)?.conclusion).toBe("success");
  });

  test("is never set where anybody's title says so: a pull request of nothing passes", async ({ world }) => {
    world.github.pushAs("olga", REPOSITORY, "docs", { "README.md": "x" }, "docs");
    const number = await world.github.openPullAs("olga", REPOSITORY, { title: "homebrew docs", head: "docs" });
    await world.comment("olga", "/batch stop homebrew");
    expect(gateOf(world, number)).toMatchObject({ conclusion: "success", title: "No batch" });
  });

  test("leaves a check of the same name alone that another app wrote", async ({ world }) => {
    const batch = await openBatch(world, { results: ["homebrew"] });
    await world.github.endCheck(REPOSITORY, pullOf(world, batch).headSha, "Batch gate", "success");
    await world.comment("olga", "/batch stop homebrew");
    const checks = world.github.checks(REPOSITORY, pullOf(world, batch).headSha);
    expect(checks).toHaveLength(2);
    expect(checks.find(({ isOurs }) => isOurs)?.conclusion).toBe("failure");
    expect(checks.find(({ isOurs }) => !isOurs)?.conclusion).toBe("success");
  });
});

describe("as a required check", () => {
  test("the gate lets GitHub itself hold a batch, and merges it by its auto-merge when the stop is lifted", async ({
    world,
  }) => {
    world.github.protect(REPOSITORY, "main", { requiredChecks: ["Batch gate", "build"], bypassApp: true });
    const autoMerge = { headline: "chore(recipes): batch", body: "batch_id: 2026-06-26" };
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge });
    await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual(["homebrew"]);
    await world.github.endCheck(REPOSITORY, pullOf(world, batch).headSha, "build", "success");
    await expect(world.github.mergeAs("acme", REPOSITORY, batch)).rejects.toThrow('"Batch gate\\" is expected');
    expect(pullOf(world, batch)).toMatchObject({ merged: false, autoMerge: null });
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, batch)).toMatchObject({ merged: true });
    expect(world.github.commits(REPOSITORY).map(({ message }) => message)).toContain(
      "chore(recipes): batch\n\nbatch_id: 2026-06-26",
    );
  });

  test("the gate does not hold what is no batch, nor the stop itself", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", { requiredChecks: ["Batch gate"], requirePullRequest: true });
    await world.comment("olga", "/batch stop");
    expect(world.held()).toEqual(["*"]);
    world.github.pushAs("olga", REPOSITORY, "docs", { "README.md": "x" }, "docs");
    const number = await world.github.openPullAs("olga", REPOSITORY, { title: "docs", head: "docs" });
    await world.quiet();
    await world.github.mergeAs("olga", REPOSITORY, number);
    expect(pullOf(world, number).merged).toBe(true);
  });
});

describe("configured otherwise", () => {
  const gate = "gate: { pull_requests: 'bot/**/batch-*', check: Recipes may merge }\n";
  testIn({ files: { [CONFIGURATION]: gate } })("the gate has another name and other branches", async ({ world }) => {
    const batch = await openBatch(world, { branch: "bot/2026/06/batch-1", title: "npm" });
    const other = await openBatch(world, { branch: "batch/1", title: "npm" });
    await world.comment("olga", "/batch stop npm");
    expect(gateOf(world, batch, "Recipes may merge")?.conclusion).toBe("failure");
    expect(gateOf(world, other, "Recipes may merge")).toMatchObject({ conclusion: "success", title: "No batch" });
    expect(gateOf(world, batch)).toBeNull();
  });
});

test("a plain stop where no pull request is open asks nothing about pull requests", async ({ world }) => {
  const before = world.github.log.length;
  await world.comment("olga", "/batch stop homebrew");
  expect(world.github.calls(before).filter(({ path }) => path.startsWith("/graphql"))).toHaveLength(1);
});
