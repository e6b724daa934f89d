import { describe, expect } from "vitest";
import { CONFIGURATION, CONTROL_FILE, REPOSITORY, testIn, type World } from "./world.ts";

const inReview = testIn({
  files: { [CONFIGURATION]: "pull_requests: { stop: review, resume: review }\necosystems: { homebrew: {} }\n" },
});

/** The control file as it stands in a pull request. */
function proposed(world: World, number: number) {
  const pull = world.pulls().find((candidate) => candidate.number === number);
  return JSON.parse(world.github.fileAt(REPOSITORY, CONTROL_FILE, pull?.headSha) ?? "null");
}

function openPull(world: World): number {
  const open = world.pulls().filter(({ state }) => state === "open");
  expect(open).toHaveLength(1);
  return open[0]?.number ?? 0;
}

function stateOf(world: World, number: number) {
  const { state, merged } = world.pulls().find((candidate) => candidate.number === number) ?? {};
  return merged ? "merged" : state;
}

describe("a stop that waits for a review", () => {
  inReview("is not in force, and the thread says what it waits for", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual([]);
    expect(world.replies().at(-1)).toContain("**Not in force yet**");
    expect(proposed(world, openPull(world)).disabled_ecosystems).toEqual(["homebrew"]);
  });

  inReview("is computed anew when the file changes, so that merging it takes nothing back", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    await world.run({ npm: "failure" });
    await world.editControl("acme", { disabled_ecosystems: ["pypi"], reason: "by hand" });
    const { disabled_ecosystems, circuit_breaker } = proposed(world, number);
    expect(disabled_ecosystems.toSorted()).toEqual(["homebrew", "pypi"]);
    expect(circuit_breaker.npm.failures).toBe(1);
    await world.github.mergeAs("acme", REPOSITORY, number, { merge_method: "squash" });
    await world.quiet();
    expect(world.held().toSorted()).toEqual(["homebrew", "pypi"]);
    expect(world.control().circuit_breaker.npm?.failures).toBe(1);
    expect(world.replies().at(-1)).toContain("**In force**");
  });

  inReview("is left alone while the file does not change, so that a review of it stays good", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const before = world.pulls().at(-1)?.headSha;
    await world.push("acme", { "recipes/j/jq.toml": "[metadata]\n" });
    await world.comment("olga", "/batch status");
    expect(world.pulls().at(-1)?.headSha).toBe(before);
  });

  inReview("keeps its end, however often it is computed", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until 3h");
    const number = openPull(world);
    const [hold] = proposed(world, number).batchkeeper.holds;
    await world.pass(1_800_000);
    await world.editControl("acme", { reason: "by hand" });
    const [again] = proposed(world, number).batchkeeper.holds;
    expect(again.id).toBe(hold.id);
    expect(Math.abs(Date.parse(again.until) - Date.parse(hold.until))).toBeLessThan(5000);
  });

  inReview("is closed with a link when it is lifted before it came into force", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    await world.comment("olga", "/batch resume homebrew — mirror is back");
    expect(stateOf(world, number)).toBe("closed");
    expect(world.replies().at(-1)).toContain(`#${number}`);
    expect(world.replies().at(-1)).toContain("superseded by [a later command]");
    expect(world.pulls().filter(({ state }) => state === "open")).toEqual([]);
    expect(world.held()).toEqual([]);
  });

  inReview("makes place for the same stop of somebody else", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    await world.comment("acme", "/batch stop homebrew — me too");
    expect(stateOf(world, number)).toBe("closed");
    expect(proposed(world, openPull(world)).disabled_ecosystems).toEqual(["homebrew"]);
  });

  inReview("is closed when whoever asked may not stop any more", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    world.github.setRole(REPOSITORY, "olga", "read");
    await world.editControl("acme", { reason: "by hand" });
    expect(stateOf(world, number)).toBe("closed");
    expect(world.replies().at(-1)).toContain("needs write");
  });

  inReview("is not taken from words that somebody put into its pull request", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    const { body } = world.pulls().find((pull) => pull.number === number) ?? {};
    const forged = (body ?? "").replace(/request \S+/, (marker) => `${marker.slice(0, -4)}AAAA`);
    await world.github.editPullAs("olga", REPOSITORY, number, { body: forged });
    const before = proposed(world, number);
    await world.editControl("acme", { disabled_ecosystems: ["npm"] });
    expect(stateOf(world, number)).toBe("open");
    expect(proposed(world, number)).toEqual(before);
  });

  inReview("tells who closed it that nothing was changed", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    await world.github.editPullAs("acme", REPOSITORY, number, { state: "closed" });
    await world.quiet();
    expect(world.replies().at(-1)).toContain("closed by `acme` without being merged: nothing was changed");
  });
});

describe("/batch cancel", () => {
  inReview("withdraws a stop that waits, and whoever asked for it is told in their thread", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    const other = await world.github.openIssueAs("acme", REPOSITORY, { title: "Elsewhere" });
    await world.comment("acme", "/batch cancel", other);
    expect(stateOf(world, number)).toBe("closed");
    expect(Object.keys(world.github.branches(REPOSITORY))).toEqual(["main"]);
    expect(world.replies(other)).toEqual([expect.stringContaining(`**Withdrawn**: [#${number}]`)]);
    expect(world.replies(number)).toEqual([expect.stringContaining("Withdrawn by `acme` in [a comment]")]);
    expect(world.replies().at(-1)).toContain("**Withdrawn by `acme`**: what you asked for is not done.");
    await world.editControl("acme", { reason: "by hand" });
    expect(world.pulls().filter(({ state }) => state === "open")).toEqual([]);
    expect(world.held()).toEqual([]);
  });

  inReview("asks which of several is meant, and takes the number of its pull request", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    await world.comment("olga", "/batch stop npm");
    await world.comment("olga", "/batch cancel");
    expect(world.replies().at(-1)).toMatch(
      new RegExp(`Several things wait: name one\\.\\s+- \\[#${number}\\].*\`stop homebrew\`, asked for by \`olga\``),
    );
    await world.comment("olga", `/batch cancel #${number}`);
    expect(stateOf(world, number)).toBe("closed");
    expect(proposed(world, openPull(world)).disabled_ecosystems).toEqual(["npm"]);
  });

  inReview("is for operators, and with nothing that waits says so", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    await world.comment("rita", "/batch cancel");
    expect(world.replies().at(-1)).toContain("needs write");
    expect(stateOf(world, number)).toBe("open");
    await world.comment("olga", "/batch cancel");
    await world.comment("olga", "/batch cancel");
    expect(world.replies().at(-1)).toContain("Nothing waits.");
  });

  inReview("withdraws once, however often its comment comes", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    const comment = await world.comment("olga", "/batch cancel");
    await world.comment("olga", "/batch stop npm");
    await world.startApp();
    await world.redeliver(world.deliveryOf(comment));
    expect(stateOf(world, number)).toBe("closed");
    expect(proposed(world, openPull(world)).disabled_ecosystems).toEqual(["npm"]);
    expect(world.replies(number)).toHaveLength(1);
  });
});

inReview("a resume of what only a waiting stop names is told which, and how to withdraw it", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew, npm and zig");
  const number = openPull(world);
  await world.comment("olga", "/batch resume zig");
  const reply = world.replies().at(-1);
  expect(reply).toContain("`zig` is not an ecosystem known here.");
  expect(reply).toMatch(new RegExp(`\\[#${number}\\].*, waits and is not in force: \`/batch cancel #${number}\``));
  await world.comment("olga", "/batch resume zag");
  expect(world.replies().at(-1)).not.toContain("waits");
  expect(stateOf(world, number)).toBe("open");
});

inReview("a resume that has nothing left to lift is closed and says so", async ({ world }) => {
  await world.editControl("acme", { disabled_ecosystems: ["homebrew"], reason: "by hand" });
  await world.comment("olga", "/batch resume homebrew");
  const number = openPull(world);
  await world.editControl("acme", { disabled_ecosystems: [] });
  expect(stateOf(world, number)).toBe("closed");
  expect(world.replies().at(-1)).toContain("there is nothing to lift for homebrew");
});

describe("a stop that waits for green checks", () => {
  const whenGreen = testIn({ files: { [CONFIGURATION]: "pull_requests: { stop: when-green }\n" } });

  whenGreen("is merged by GitHub as soon as they are, and the thread is told", async ({ world }) => {
    world.github.allowAutoMerge(REPOSITORY, true);
    world.github.protect(REPOSITORY, "main", { requiredChecks: ["ci"] });
    await world.comment("olga", "/batch stop homebrew");
    const number = openPull(world);
    expect(world.replies().at(-1)).toContain("is merged by GitHub then");
    const { headSha = "" } = world.pulls().find((pull) => pull.number === number) ?? {};
    await world.github.endCheck(REPOSITORY, headSha, "ci", "success");
    await world.quiet();
    expect(stateOf(world, number)).toBe("merged");
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.controlCommits()[0]?.message).toContain("Batchkeeper-Event");
    expect(world.replies().at(-1)).toContain("**In force**");
  });

  whenGreen("is merged at once where nothing has to be waited for", async ({ world }) => {
    world.github.allowAutoMerge(REPOSITORY, true);
    await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual(["homebrew"]);
  });

  whenGreen("is left to a person, and says why, where GitHub may not merge by itself", async ({ world }) => {
    world.github.allowAutoMerge(REPOSITORY, false);
    await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual([]);
    expect(world.replies().at(-1)).toContain("a merge by a person");
    expect(world.replies().at(-1)).toContain("Auto merge is not allowed for this repository");
  });
});
