import { expect, onTestFinished, vi } from "vitest";
import { itSurvivesDisturbances } from "./command-story.ts";
import { CONTROL_FILE, REPOSITORY, test } from "./world.ts";

test("a stop is in force on the default branch by a merged pull request, and the reply says so", async ({ world }) => {
  const comment = await world.comment("olga", "/batch stop homebrew — mirror returns 503 https://status.test/7");
  expect(world.control()).toMatchObject({
    enabled: true,
    disabled_ecosystems: ["homebrew"],
    reason: "mirror returns 503 https://status.test/7",
    incident_url: "https://status.test/7",
    disabled_by: "olga",
  });
  expect(world.pulls()).toMatchObject([
    { title: "Stop homebrew", merged: true, labels: ["batchkeeper"], head: `batchkeeper/stop-homebrew-${comment}` },
  ]);
  expect(world.replies()).toEqual([
    expect.stringContaining("**Stopped: homebrew.** The hold is on the default branch"),
  ]);
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

test("the commit of a stop is signed by GitHub and names its cause", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew");
  expect(world.controlCommits()[0]).toMatchObject({
    author: "batchkeeper[bot]",
    verified: true,
    files: ["batch-control.json"],
    trailers: {
      "Batchkeeper-Event": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "Batchkeeper-Command": expect.stringContaining("/issues/1#issuecomment-"),
      "Requested-By": expect.stringMatching(/^olga \(\d+\)$/),
    },
  });
});

test("a stop of everything turns the switch off", async ({ world }) => {
  await world.comment("olga", "/batch stop suspected compromise");
  expect(world.control()).toMatchObject({ enabled: false, disabled_ecosystems: [], reason: "suspected compromise" });
  expect(world.replies()).toEqual([expect.stringContaining("**Stopped: everything.**")]);
});

test("of several stops within a second the same one speaks when they are written and when they are read", async ({
  world,
}) => {
  const stops = ["npm", "homebrew"].map((name) => `/batch stop ${name} — because of ${name}`);
  await world.comment("olga", stops.join("\n"));
  await world.editControl("olga", { disabled_ecosystems: ["homebrew", "nix", "npm"] });
  expect(world.control().batchkeeper?.holds.at(-1)).toMatchObject({ scope: "nix", reason: "" });
});

test("a near miss of a known name stops nothing and asks", async ({ world }) => {
  await world.run({ homebrew: "success" });
  const before = world.controlText();
  const comment = await world.comment("olga", "/batch stop homebew");
  expect(world.controlText()).toBe(before);
  expect(world.replies()).toEqual([expect.stringContaining("did you mean `homebrew`?")]);
  expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
});

test("a stop with the longest of links and reasons on fifty ecosystems leaves a file that can be read", async ({
  world,
}) => {
  const names = Array.from({ length: 50 }, (_, n) => `ecosystem-${n}`);
  const link = `https://status.test/${"x".repeat(15_000 - 20)}`;
  await world.comment("olga", `/batch stop ${names.join(", ")} — ${link}`);
  expect(world.held()).toHaveLength(50);
  expect(world.control().incident_url).toBe(`${world.github.url}/${REPOSITORY}/issues/1`);
  expect(world.replies()).toEqual([expect.stringContaining("The link in the reason has 15000 characters")]);
  expect(world.controlText()?.length).toBeLessThan(60_000);
  await world.comment("olga", `/batch resume ${names.join(" ")}`);
  expect(world.held()).toEqual([]);
});

test("a link of 500 characters is kept whole", async ({ world }) => {
  const link = `https://status.test/${"x".repeat(480)}`;
  await world.comment("olga", `/batch stop homebrew — see ${link}`);
  expect(world.control().incident_url).toBe(link);
  expect(world.replies()[0]).not.toContain("characters");
});

test("a branch that GitHub refuses to make is not taken for one that is there: the operator reads why", async ({
  world,
}) => {
  const body = { message: "Repository rule violations found\n\nCannot create ref due to creations being restricted." };
  const fault = world.github.fault({ method: "POST", path: `/repos/${REPOSITORY}/git/refs`, status: 422, body });
  const comment = await world.comment("olga", "/batch stop homebrew");
  expect(fault.hits).toBe(1);
  expect(world.replies()).toEqual([expect.stringMatching(/\*\*failed\*\*.*creations being restricted/)]);
  expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
});

test("what was left undone after the merge is done when the comment is handled again", async ({ world }) => {
  // As often as a call is tried in one go.
  const times = 3;
  const calls = [
    { method: "DELETE", path: /\/git\/refs\// },
    { method: "POST", path: /\/labels$/ },
    { method: "POST", path: `/repos/${REPOSITORY}/issues/1/comments` },
  ];
  const faults = calls.map((call) => world.github.fault({ ...call, status: 500, times }));
  const comment = await world.comment("olga", "/batch stop homebrew");
  expect(faults.map(({ hits }) => hits)).toEqual([times, times, times]);
  expect(Object.keys(world.github.branches(REPOSITORY))).toEqual(["main"]);
  expect(world.pulls()).toMatchObject([{ merged: true, labels: ["batchkeeper"] }]);
  expect(world.replies()).toEqual([expect.stringContaining("Done before")]);
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

test("the reaction is there before the reply, by which a comment is known to be answered", async ({ world }) => {
  const order: string[] = [];
  world.github.onCall(({ method, path }) => {
    if (method === "POST" && /\/(reactions|comments)$/.test(path)) order.push(path.split("/").at(-1) ?? "");
    return null;
  });
  await world.comment("olga", "/batch help");
  expect(order).toEqual(["reactions", "reactions", "comments"]);
});

test("a stop that GitHub does not carry out says so, leaves nothing half-done, and works when repeated", async ({
  world,
}) => {
  const before = world.controlText();
  const fault = world.github.fault({ method: "POST", path: `/repos/${REPOSITORY}/pulls`, status: 502 });
  const failed = await world.comment("olga", "/batch stop homebrew");
  expect(world.replies()).toEqual([expect.stringMatching(/\*\*failed\*\*.*safe to repeat the command/s)]);
  expect(world.reactions(failed)).toEqual(["eyes", "confused"]);
  expect(world.controlText()).toBe(before);
  fault.remove();
  const repeated = await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.reactions(repeated)).toEqual(["eyes", "rocket"]);
});

test("a stop whose reply is late is not repeated against what somebody wanted since", async ({ world }) => {
  const fault = world.github.fault({ method: "POST", path: `/repos/${REPOSITORY}/issues/1/comments`, status: 502 });
  const comment = await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop homebrew");
  await expect.poll(() => fault.hits, { timeout: 10_000 }).toBeGreaterThan(3);
  expect(world.held()).toEqual(["homebrew"]);
  world.github.pushAs(
    "paul",
    REPOSITORY,
    "main",
    { [CONTROL_FILE]: world.editedControl({ disabled_ecosystems: [] }) },
    "by hand",
  );
  fault.remove();
  await world.quiet();
  expect(world.held()).toEqual([]);
  expect(world.replies()).toEqual([expect.stringContaining("`/batch status` shows what stands now")]);
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

test("GitHub's limits are waited for as long as it says, and the stop still lands", async ({ world }) => {
  world.github.rateLimit({ secondary: { retryAfterSeconds: 7 } });
  await world.comment("olga", "/batch stop homebrew");
  // A part of the seven seconds is over before it waits.
  expect(Math.max(...world.clock.waits)).toBeGreaterThan(3000);
  expect(Math.max(...world.clock.waits)).toBeLessThanOrEqual(7000);
  expect(world.held()).toEqual(["homebrew"]);
});

test("a token that is no longer valid is replaced once, and the stop lands", async ({ world }) => {
  await world.comment("olga", "/batch help");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_000 });
  onTestFinished(() => void vi.useRealTimers());
  world.github.revokeTokens();
  await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.github.tokensMinted).toBe(2);
});

await itSurvivesDisturbances({ before: [], command: "/batch stop homebrew — mirror returns 503" });
