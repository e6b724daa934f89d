import { describe, expect } from "vitest";
import { REPOSITORY, test, WORKFLOW } from "./world.ts";

const MINUTE = 60_000;

describe("/batch runs", () => {
  test("shows the latest runs with outcome and causes, duration, minutes and links", async ({ world }) => {
    const failures = [
      { package_id: "homebrew:go-task", category: "validation_failed" },
      { package_id: "homebrew:<!-- @everyone -->", category: "timeout" },
    ];
    const results = {
      per_ecosystem: { homebrew: { succeeded: 8, failed: 2, failures }, npm: { succeeded: 3, failed: 0 } },
    };
    const older = await world.run({ npm: "failure" }, { endedAt: Date.now() - 60 * MINUTE });
    const newer = await world.run({ homebrew: "success" }, { endedAt: Date.now() - 10 * MINUTE, minutes: 7, results });
    const flying = world.github.startRun(REPOSITORY, WORKFLOW);
    await world.comment("rita", "/batch runs");
    const [reply = ""] = world.replies();
    expect([...reply.matchAll(/\*\*\[(\d+)\]/g)].map(([, id]) => Number(id))).toEqual([flying, newer, older]);
    expect(reply).toContain("**under way**");
    expect(reply).toMatch(/\*\*success\*\*, took 7 min, minutes: 7 linux/);
    expect(reply).toContain("homebrew: 8 of 10 succeeded; validation 1 (`go-task`), timeout 1 (`<!-- @everyone -->`)");
    expect(reply).toContain("npm: 3 of 3 succeeded");
    expect(reply).toContain("npm: 0 of 1 succeeded; other 1");
  });

  test("shows as many as are asked for", async ({ world }) => {
    for (let run = 0; run < 7; run += 1) await world.run({ npm: "success" });
    await world.comment("rita", "/batch runs 2");
    await world.comment("rita", "/batch runs");
    expect(world.replies().map((reply) => reply.match(/\*\*\[\d+\]/g)?.length)).toEqual([2, 5]);
  });

  test.for([
    ["/batch runs", "No run of `batch-generate.yml`"],
    ["/batch runs 0", "a number from 1 to 20, and not `0`"],
    ["/batch runs 1000", "a number from 1 to 20"],
    ["/batch runs many", "a number from 1 to 20, and not `many`"],
  ])("answers %s", async ([text = "", expected], { world }) => {
    await world.comment("rita", text);
    expect(world.replies()[0]).toContain(expected);
  });
});
