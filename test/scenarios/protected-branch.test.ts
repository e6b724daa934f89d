import { expect } from "vitest";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { CONTROL_FILE, REPOSITORY, test, type World } from "./world.ts";

const SECOND = 1000;

test("where only pull requests may change the branch, a run is counted by one that is merged", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requirePullRequest: true });
  const run = await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
  expect(world.pulls()).toMatchObject([
    { title: `Count run ${run}.1`, head: `batchkeeper/count-${run}-1`, merged: true, labels: ["batchkeeper"] },
  ]);
  expect(world.controlCommits()[0]?.trailers).toMatchObject({ "Batchkeeper-Run": `${run}.1` });
});

test("where the app may bypass the rule, a run is counted in a commit", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requirePullRequest: true, bypassApp: true });
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
  expect(world.pulls()).toEqual([]);
});

test("a stop that waits for a review is not called a stop, and says what it waits for", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requiredReviews: 1 });
  const comment = await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual([]);
  expect(world.pulls()).toMatchObject([{ state: "open", merged: false }]);
  expect(world.replies()).toEqual([
    expect.stringMatching(/\*\*Not in force yet\*\*: \[#2\]\(\S+\) waits for `At least 1 approving review is required/),
  ]);
  expect(world.replies()[0]).not.toContain("Stopped");
  expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
});

test("the review and merge of a waiting stop put it in force", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requiredReviews: 1 });
  await world.comment("olga", "/batch stop homebrew");
  await world.github.approveAs("acme", REPOSITORY, 2);
  await world.github.mergeAs("acme", REPOSITORY, 2);
  await world.quiet();
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.control().batchkeeper?.holds).toMatchObject([{ by: "olga" }]);
});

test("a stop that waits for a check says which", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requiredChecks: ["build"] });
  await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual([]);
  expect(world.replies()).toEqual([expect.stringContaining('Required status check "build" is expected.')]);
});

test("the checks of a stop's pull request are allowed to run: only what lands skips them", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requiredChecks: ["build"] });
  await world.comment("olga", "/batch stop homebrew");
  const [pull] = world.pulls();
  expect(world.github.commits(REPOSITORY, { ref: pull?.head ?? "" })[0]?.message).not.toContain("[skip ci]");
});

test("a waiting stop that is delivered again waits in one pull request and is answered once", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requiredReviews: 1 });
  const comment = await world.comment("olga", "/batch stop homebrew");
  await world.startApp();
  await world.redeliver(world.deliveryOf(comment));
  expect(world.pulls()).toHaveLength(1);
  expect(world.replies()).toHaveLength(1);
});

test("a run that waits in a pull request is not lost, and not proposed twice", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requiredReviews: 1 });
  await world.run({ homebrew: "failure" });
  const delivery = world.github.deliveries.findLast(({ event }) => event === "workflow_run");
  await world.startApp();
  if (delivery) await world.redeliver(delivery);
  expect(world.pulls()).toMatchObject([{ state: "open" }]);
  await world.github.approveAs("acme", REPOSITORY, 2);
  await world.github.mergeAs("acme", REPOSITORY, 2);
  await world.quiet();
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
});

test("a merge method that the repository forbids is not insisted on", async ({ world }) => {
  const message = "Squash merges are not allowed on this repository.";
  world.github.fault({ method: "PUT", path: /\/merge$/, status: 405, body: { message }, times: 1 });
  await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.pulls()).toMatchObject([{ merged: true }]);
});

test("a stop by hand that comes before a merge of ours belongs to who made it", async ({ world }) => {
  world.github.protect(REPOSITORY, "main", { requirePullRequest: true });
  await world.comment("olga", "/batch stop npm");
  const commits: string[] = [];
  const stop = { [CONTROL_FILE]: world.editedControl({ disabled_ecosystems: ["homebrew", "npm"] }) };
  world.beforeNext({ method: "PUT", path: /\/merge$/ }, () => {
    commits.push(world.github.pushAs("paul", REPOSITORY, "main", stop, "stop it"));
  });
  await world.run({ pypi: "failure" });
  expect(commits).toHaveLength(1);
  expect(world.control().circuit_breaker.pypi?.failures).toBe(1);
  expect(world.control().batchkeeper?.holds.at(-1)).toMatchObject({
    scope: "homebrew",
    by: "paul",
    source: expect.stringContaining(commits[0] ?? "no commit"),
  });
  expect(world.wordsBelow(commits[0] ?? "")).toEqual([expect.stringContaining("This change stops homebrew")]);
});

test.for([
  ["that counted a run", (world: World) => world.run({ homebrew: "failure" })],
  ["that settled a stop by hand", (world: World) => world.editControl("olga", { disabled_ecosystems: ["npm"] })],
] as const)("a pull request %s and came to nothing is closed by the next look", async ([, happen], { world }) => {
  world.github.protect(REPOSITORY, "main", { requiredReviews: 1 });
  await happen(world);
  expect(world.pulls()).toMatchObject([{ state: "open" }]);
  await world.pass(INTERVAL + SECOND);
  expect(world.pulls()).toMatchObject([{ state: "open" }]);
  // Somebody else brings the same change to the default branch.
  const [pull] = world.pulls();
  const text = world.github.fileAt(REPOSITORY, CONTROL_FILE, pull?.head);
  world.github.pushAs("paul", REPOSITORY, "main", { [CONTROL_FILE]: text }, "by hand");
  await world.pass(INTERVAL + SECOND);
  await world.pass(INTERVAL + SECOND);
  expect(world.pulls()).toMatchObject([{ state: "closed", merged: false }]);
  expect(Object.keys(world.github.branches(REPOSITORY))).toEqual(["main"]);
});
