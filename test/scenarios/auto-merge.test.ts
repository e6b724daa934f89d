import { describe, expect } from "vitest";
import { gateOf, openBatch, pullOf } from "./batch-pull.ts";
import { AUTO, REQUIRED, receipt } from "./enforcement-story.ts";
import { REPOSITORY, test } from "./world.ts";

describe("auto-merge", () => {
  test("is switched off where a stop covers, and on again as it was when that is lifted", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const homebrew = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    const npm = await openBatch(world, { results: ["npm"], autoMerge: {} });
    await world.comment("olga", "/batch stop homebrew");
    expect(pullOf(world, homebrew).autoMerge).toBeNull();
    expect(pullOf(world, npm).autoMerge).toBe("squash");
    expect(world.control().batchkeeper?.enforced).toEqual({
      auto_merge: [{ pull: homebrew, method: "SQUASH", ...AUTO }],
      workflows: [],
    });
    expect(receipt(world)).toMatch(
      /\d\d:\d\dZ: in force; 1 pull request held \(\[#2\].*auto-merge switched off for \[#2\]/,
    );
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, homebrew).autoMerge).toBe("squash");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
    expect(receipt(world)).toMatch(/lifted; 1 pull request released \(\[#2\].*auto-merge on again for \[#2\]/);
    await world.github.endCheck(REPOSITORY, pullOf(world, homebrew).headSha, "build", "success");
    expect(world.github.commits(REPOSITORY)[0]?.message).toBe(`${AUTO.headline}\n\n${AUTO.body}`);
  });

  test("stays off while another hold still covers, and comes back with the last", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    await world.comment("olga", "/batch stop");
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    await world.comment("olga", "/batch resume");
    expect(pullOf(world, batch).autoMerge).toBe("squash");
  });

  test("comes back after a hold that somebody lifts by hand", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    await world.startApp();
    await world.editControl("paul", { disabled_ecosystems: [] });
    expect(pullOf(world, batch).autoMerge).toBe("squash");
    expect(gateOf(world, batch)?.conclusion).toBe("success");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
  });

  test("is given to nobody who had not asked for it, and to nobody twice", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"] });
    await world.comment("olga", "/batch stop homebrew");
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(world.github.calls().some(({ path }) => path.includes("enforced"))).toBe(false);
  });

  test("that a pipeline asks for under a stop is switched off too", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    await world.comment("olga", "/batch stop homebrew");
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    await world.comment("olga", "/batch resume homebrew");
    expect(pullOf(world, batch).autoMerge).toBe("squash");
  });

  test("that GitHub refuses to switch on again is named, with what to do", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    world.github.allowAutoMerge(REPOSITORY, false);
    await world.comment("olga", "/batch resume homebrew");
    expect(receipt(world)).toMatch(
      /\*\*Not done:\*\* auto-merge of \[#2\]\(\S+\) was not switched on again: .* merge it\./,
    );
    expect(gateOf(world, batch)?.conclusion).toBe("success");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
  });

  test("of a batch that is closed meanwhile is forgotten", async ({ world }) => {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    await world.comment("olga", "/batch stop homebrew");
    await world.github.editPullAs("acme", REPOSITORY, batch, { state: "closed" });
    await world.comment("olga", "/batch resume homebrew");
    expect(world.control().batchkeeper?.enforced).toBeUndefined();
    expect(receipt(world)).not.toContain("auto-merge");
  });
});
