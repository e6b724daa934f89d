import { describe, expect } from "vitest";
import { REPOSITORY, test } from "./world.ts";

describe("a stop by hand", () => {
  test("of an ecosystem becomes a hold of the commit's author", async ({ world }) => {
    const sha = await world.editControl("olga", { disabled_ecosystems: ["homebrew"] });
    expect(world.control().batchkeeper?.holds).toMatchObject([
      { scope: "homebrew", by: "olga", source: expect.stringContaining(sha) },
    ]);
  });

  test("is answered below the commit, once, with the way to lift it", async ({ world }) => {
    const sha = await world.editControl("olga", { disabled_ecosystems: ["homebrew"] });
    for (const delivery of world.github.deliveries.filter(({ event }) => event === "push"))
      await world.redeliver(delivery);
    expect(world.wordsBelow(sha)).toEqual([expect.stringContaining("`/batch resume homebrew` lifts it")]);
  });

  test.for([403, 500])("is taken over although its author cannot be told (%i)", async (status, { world }) => {
    const body = { message: "Resource not accessible by integration" };
    const fault = world.github.fault({ method: "POST", path: /\/commits\/\w+\/comments$/, status, body });
    const sha = await world.editControl("olga", { disabled_ecosystems: ["homebrew"] });
    expect(fault.hits).toBeGreaterThan(0);
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.wordsBelow(sha)).toEqual([]);
    expect(world.log.join()).toContain("author not told");
  });

  test("is answered below the commit also when a command is what finds it", async ({ world }) => {
    world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
    const sha = await world.editControl("olga", { disabled_ecosystems: ["homebrew"] });
    await world.comment("paul", "/batch status");
    await world.comment("olga", "/batch stop npm");
    expect(world.held()).toEqual(["homebrew", "npm"]);
    expect(world.wordsBelow(sha)).toEqual([expect.stringContaining("`/batch resume homebrew` lifts it")]);
  });

  test("belongs to who made it, although others have written the file since", async ({ world }) => {
    await world.comment("olga", "/batch stop pypi");
    world.github.onDelivery(({ event }) => (event === "push" ? "hold" : "send"));
    const edit = (login: string, change: Readonly<Record<string, unknown>>) => world.editControl(login, change);
    const stopped = await edit("olga", { disabled_ecosystems: ["homebrew", "pypi"] });
    const counted = await edit("script", { budget: { macos_minutes_used: 7 } });
    const released = await edit("paul", { disabled_ecosystems: ["homebrew"] });
    await edit("script", { budget: { macos_minutes_used: 8 } });
    world.github.release();
    await world.quiet();
    expect(world.control().batchkeeper?.holds).toMatchObject([
      { scope: "homebrew", by: "olga", source: expect.stringContaining(stopped) },
    ]);
    expect(world.wordsBelow(stopped)).toEqual([expect.stringContaining("This change stops homebrew")]);
    expect(world.wordsBelow(released)).toEqual([expect.stringContaining("is lifted by this change")]);
    expect(world.wordsBelow(counted)).toEqual([]);
  });

  test("keeps the words that the runbook has people write", async ({ world }) => {
    const words = { reason: "mirror", disabled_by: "pager", incident_url: "https://status.test/7" };
    await world.editControl("olga", { disabled_ecosystems: ["homebrew"], ...words });
    expect(world.control()).toMatchObject(words);
    expect(world.control().batchkeeper?.holds).toMatchObject([
      { scope: "homebrew", by: "pager", reason: "mirror", incident_url: "https://status.test/7" },
    ]);
  });

  test("of everything becomes a hold on everything", async ({ world }) => {
    await world.editControl("olga", { enabled: false });
    expect(world.held()).toEqual(["*"]);
    expect(world.control().enabled).toBe(false);
  });

  test("under another name is a hold on the ecosystem of that name", async ({ world }) => {
    await world.editControl("olga", { disabled_ecosystems: ["Cargo"] });
    expect(world.held()).toEqual(["crates.io"]);
  });

  test("is lifted by command like any other", async ({ world }) => {
    await world.editControl("olga", { disabled_ecosystems: ["homebrew"] });
    await world.comment("olga", "/batch resume homebrew");
    expect(world.control().disabled_ecosystems).toEqual([]);
    expect(world.held()).toEqual([]);
  });

  test("that is heard of twice is one hold", async ({ world }) => {
    world.github.onDelivery(() => "double");
    await world.editControl("olga", { disabled_ecosystems: ["homebrew"] });
    await world.startApp();
    const pushes = world.github.deliveries.filter(({ event }) => event === "push");
    for (const { guid } of pushes) world.github.redeliver(guid);
    await world.quiet();
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.controlCommits()).toHaveLength(3);
  });

  test("and lifting one by hand releases its hold and no other", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew, npm");
    await world.editControl("olga", { disabled_ecosystems: ["npm"] });
    expect(world.held()).toEqual(["npm"]);
  });

  test("of a name that no ecosystem can have stays in the file and makes no hold", async ({ world }) => {
    await world.editControl("olga", { disabled_ecosystems: ["../x", "__proto__"] });
    await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.control().disabled_ecosystems.toSorted()).toEqual(["../x", "__proto__", "homebrew"]);
  });
});

describe("a stop by hand that is first met by somebody who changes nothing is taken over under its own name:", () => {
  const SUBJECT = /^chore\(batch\): settle a change made by hand/;

  test("by a resume of something else", async ({ world }) => {
    await world.run({ homebrew: "success" });
    world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
    await world.editControl("paul", { disabled_ecosystems: ["npm"] });
    await world.comment("olga", "/batch resume homebrew");
    expect(world.held()).toEqual(["npm"]);
    expect(world.pulls()).toEqual([]);
    const [commit] = world.controlCommits();
    expect(commit?.message).toMatch(SUBJECT);
    expect(Object.keys(commit?.trailers ?? {})).toEqual(["Batchkeeper-Event"]);
    expect(world.replies()).toEqual([expect.stringMatching(/Nothing was changed.*\n\nHolds that stand:\n.* on npm/)]);
  });

  test("by a run that was counted before", async ({ world }) => {
    await world.run({ homebrew: "failure" });
    const delivery = world.github.deliveries.findLast(({ event }) => event === "workflow_run");
    world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
    await world.editControl("paul", { disabled_ecosystems: ["npm"] });
    await world.startApp();
    if (delivery) await world.redeliver(delivery);
    expect(world.held()).toEqual(["npm"]);
    expect(world.controlCommits()[0]?.message).toMatch(SUBJECT);
    expect(world.controlCommits()[0]?.trailers).not.toHaveProperty("Batchkeeper-Run");
  });

  test("where only pull requests may change the branch, by one of its own", async ({ world }) => {
    await world.run({ homebrew: "success" });
    world.github.protect(REPOSITORY, "main", { requirePullRequest: true });
    world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
    await world.editControl("paul", { disabled_ecosystems: ["npm"] });
    await world.comment("olga", "/batch resume homebrew");
    expect(world.held()).toEqual(["npm"]);
    expect(world.pulls()).toMatchObject([{ title: "Settle the control file", merged: true }]);
    expect(world.controlCommits()[0]?.message).toMatch(SUBJECT);
  });
});
