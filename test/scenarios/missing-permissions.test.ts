import { describe, expect } from "vitest";
import { DEFAULT_PERMISSIONS } from "../github/local-github.ts";
import { gateOf, openBatch, pullOf } from "./batch-pull.ts";
import { AUTO, REQUIRED, receipt, state } from "./enforcement-story.ts";
import { REPOSITORY, test, testIn, WORKFLOW, type World } from "./world.ts";

describe("what the app may not do is named, and the rest goes on", () => {
  async function stopWithout(world: World, permission: keyof typeof DEFAULT_PERMISSIONS): Promise<number> {
    world.github.protect(REPOSITORY, "main", REQUIRED);
    const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
    world.github.startRun(REPOSITORY, WORKFLOW);
    world.github.setPermissions({ ...DEFAULT_PERMISSIONS, [permission]: "read" });
    await world.comment("olga", "/batch stop --now");
    return batch;
  }

  test("without Checks: write", async ({ world }) => {
    const batch = await stopWithout(world, "checks");
    expect(world.held()).toEqual(["*"]);
    expect(receipt(world)).toContain(
      "the gate of 1 pull request could not be set: the app lacks the permission `Checks: write`",
    );
    expect(pullOf(world, batch).autoMerge).toBeNull();
    expect(receipt(world)).toContain("1 run cancelled");
    expect(state(world)).toBe("disabled_manually");
  });

  test("without Actions: write", async ({ world }) => {
    const batch = await stopWithout(world, "actions");
    expect(world.held()).toEqual(["*"]);
    expect(receipt(world)).toContain("1 run could not be cancelled: the app lacks the permission `Actions: write`");
    expect(receipt(world)).toContain("1 workflow could not be disabled: the app lacks the permission `Actions: write`");
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    expect(pullOf(world, batch).autoMerge).toBeNull();
  });

  test("without Pull requests: write there is no stop, and the reply says why", async ({ world }) => {
    await stopWithout(world, "pull_requests");
    expect(world.held()).toEqual([]);
    expect(receipt(world)).toMatch(/\*\*failed\*\*.*the app lacks the permission `Pull requests: write`/);
  });

  test("without Contents: write there is no stop, and the reply says why", async ({ world }) => {
    await stopWithout(world, "contents");
    expect(world.held()).toEqual([]);
    expect(receipt(world)).toMatch(/\*\*failed\*\*.*the app lacks the permission `Contents: write`/);
  });

  test("without Issues: write nothing is left out: GitHub lets the other permission answer", async ({ world }) => {
    const batch = await stopWithout(world, "issues");
    expect(world.held()).toEqual(["*"]);
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
    expect(state(world)).toBe("disabled_manually");
    expect(receipt(world)).toMatch(/in force; 1 run cancelled.*1 pull request held/);
  });

  test("what a stop could not set is set once the permission is there", async ({ world }) => {
    const batch = await stopWithout(world, "checks");
    world.github.setPermissions(DEFAULT_PERMISSIONS);
    await world.pass(6 * 60_000);
    expect(gateOf(world, batch)?.conclusion).toBe("failure");
  });

  testIn({ private: true })(
    "a private repository whose checks it may not even read is stopped all the same",
    async ({ world }) => {
      const { checks: _, ...rest } = DEFAULT_PERMISSIONS;
      world.github.setPermissions(rest);
      world.github.protect(REPOSITORY, "main", REQUIRED);
      const batch = await openBatch(world, { results: ["homebrew"], autoMerge: AUTO });
      await world.comment("olga", "/batch stop homebrew");
      expect(pullOf(world, batch).autoMerge).toBeNull();
      expect(receipt(world)).toContain("`Checks: write`");
    },
  );
});
