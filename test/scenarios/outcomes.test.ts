import { zipSync } from "fflate";
import { describe, expect } from "vitest";
import { archiveOf, CONFIGURATION, REPOSITORY, test, testIn, WORKFLOW, type World } from "./world.ts";

const HOUR = 3_600_000;

/** `ok/failed` of the newest outcome that is known of an ecosystem. */
function newest(world: World, ecosystem: string): string | undefined {
  return world.control().batchkeeper?.breakers[ecosystem]?.window.at(-1)?.split(" ").at(-1);
}

const results = (succeeded: number, failed: number, more: object = {}) => ({
  per_ecosystem: { homebrew: { total: succeeded + failed, succeeded, failed } },
  ...more,
});

describe("what a run did is told", () => {
  test("by its artifact, weighted by recipes, whatever its jobs say", async ({ world }) => {
    await world.run({ homebrew: "success" }, { results: results(1, 24) });
    expect(newest(world, "homebrew")).toBe("1/24");
    expect(world.control().circuit_breaker.homebrew).toMatchObject({ failures: 1 });
  });

  test("without the app's token leaving GitHub", async ({ world }) => {
    const mark = world.github.log.length;
    await world.run({}, { results: results(9, 1) });
    const calls = world.github.calls(mark).map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
    // The store of the local GitHub refuses a request that carries a token.
    expect(calls.some((call) => /^GET \/_stored\/artifacts\/\d+\.zip$/.test(call))).toBe(true);
    expect(newest(world, "homebrew")).toBe("9/1");
  });

  test("by a file that its commit changed, where there is no artifact", async ({ world }) => {
    await world.push("olga", { "data/queues/batch-results.json": JSON.stringify(results(3, 2)) });
    await world.run({ homebrew: "success" });
    expect(newest(world, "homebrew")).toBe("3/2");
  });

  test("by its jobs, where its commit left the file of an earlier one", async ({ world }) => {
    await world.push("olga", { "data/queues/batch-results.json": JSON.stringify(results(3, 2)) });
    await world.push("olga", { "recipes/c/cmake.toml": "[metadata]\nname = 'cmake'\n" });
    await world.run({ homebrew: "success" });
    expect(newest(world, "homebrew")).toBe("1/0");
  });

  test("by the source that the settings name first", async ({ world }) => {
    const order =
      "outcomes: [{ from: jobs, pattern: '\\((?<ecosystem>[^(),]+)' }, { from: artifact, name: batch-results }]\n";
    await world.push("olga", { [CONFIGURATION]: order });
    await world.run({ homebrew: "success" }, { results: results(1, 24) });
    expect(newest(world, "homebrew")).toBe("1/0");
  });

  test("by the artifact of its own attempt", async ({ world }) => {
    const endedAt = Date.now() - 3 * HOUR;
    const run = await world.run({}, { endedAt, results: results(0, 5) });
    world.github.rerun(run, new Date(endedAt + HOUR).toISOString());
    const completedAt = new Date(endedAt + HOUR + 60_000).toISOString();
    world.github.completeRun(run, {
      conclusion: "success",
      jobs: [],
      completedAt,
      artifacts: { "batch-results": archiveOf(results(5, 0)) },
    });
    await world.quiet();
    expect(world.control().batchkeeper?.breakers.homebrew?.window).toEqual([
      expect.stringMatching(new RegExp(`^${run}\\.2 .* 5/0$`)),
    ]);
  });
});

describe("results that cannot be understood", () => {
  const bomb = zipSync({ "batch-results.json": new Uint8Array(1_900_000).fill(32) });
  const crowd = zipSync(
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`${index}.json`, new Uint8Array(1)])),
  );
  test.for<[string, string | object | Uint8Array, RegExp]>([
    ["no JSON", "nonsense", /it is not JSON/],
    [
      "of another shape",
      { per_ecosystem: { homebrew: { succeeded: -1, failed: 0 } } },
      /per_ecosystem\.homebrew\.succeeded/,
    ],
    ["no archive", new Uint8Array([1, 2, 3]), /no zip archive/],
    ["an archive of something else", archiveOf({}, "../../etc/passwd"), /neither an entry batch-results\.json/],
    ["an archive of too much", crowd, /101 entries/],
    ["an archive that bursts", bomb, /packed to burst/],
  ])("(%s) are told, and the next source is asked", async ([, content, problem], { world }) => {
    await world.run({ homebrew: "failure" }, { results: content });
    expect(newest(world, "homebrew")).toBe("0/1");
    expect(world.openIncidents()).toMatchObject([
      { title: "The results of a batch run cannot be read", labels: expect.arrayContaining(["severity:low"]) },
    ]);
    expect(world.openIncidents()[0]?.body).toMatch(problem);
  });

  test("have one incident, in which another problem is added once", async ({ world }) => {
    for (const content of ["nonsense", "nonsense", "{}", "{}"]) await world.run({}, { results: content });
    expect(world.openIncidents()).toHaveLength(1);
    expect(world.replies(world.openIncidents()[0]?.number)).toEqual([expect.stringContaining("per_ecosystem")]);
  });
});

describe("names", () => {
  test("are read through the aliases; what is no ecosystem counts for none", async ({ world }) => {
    const entry = { succeeded: 1, failed: 0 };
    const per_ecosystem = { cargo: entry, default: entry, all: entry, infrastructure: entry, "../x": entry };
    await world.run({}, { results: { per_ecosystem } });
    expect(Object.keys(world.control().circuit_breaker)).toEqual(["crates.io", "infrastructure"]);
    expect(world.log.some((line) => line.includes("names refused") && line.includes("../x"))).toBe(true);
  });
});

describe("what is nobody's fault", () => {
  const network = {
    failures: [1, 2, 3].map((number) => ({ package_id: `homebrew:p${number}`, category: "network_error" })),
  };
  test.for<[string, (world: World) => Promise<unknown>]>([
    ["a run that could not start", (world) => world.run({}, { conclusion: "startup_failure" })],
    ["the network", (world) => world.run({}, { results: results(0, 3, network) })],
    [
      "a runner that went away",
      async (world) => {
        const id = world.github.startRun(REPOSITORY, WORKFLOW, {
          startedAt: new Date(Date.now() - HOUR).toISOString(),
        });
        const jobs = [{ name: "generate (homebrew, linux)", conclusion: "failure", steps: ["success", null] }];
        world.github.completeRun(id, { conclusion: "failure", jobs });
        await world.quiet();
      },
    ],
  ])("(%s) is charged to the infrastructure", async ([, run], { world }) => {
    await run(world);
    expect(world.control().circuit_breaker).toMatchObject({ infrastructure: { failures: 1 } });
    expect(world.control().circuit_breaker).not.toHaveProperty("homebrew");
  });

  test.for(["cancelled", "skipped", "neutral", "stale", "action_required"])(
    "a run that was %s says nothing",
    async (conclusion, { world }) => {
      const before = world.controlText();
      await world.run({}, { conclusion, results: results(0, 5) });
      expect(world.controlText()).toBe(before);
    },
  );
});

describe("GitHub is asked little:", () => {
  testIn({ tempo: { shortest: 300, longest: 2000 } })(
    "the results of a burst are looked for together",
    async ({ world }) => {
      const MANY = 30;
      world.github.onDelivery(() => "hold");
      for (let run = 0; run < MANY; run += 1) {
        await world.run(
          { homebrew: "success" },
          { endedAt: Date.now() - (MANY - run) * 60_000, results: results(9, 1) },
        );
      }
      const mark = world.github.log.length;
      world.github.onDelivery(() => "send");
      world.github.release();
      await expect.poll(() => world.control().batchkeeper?.seen.runs.length, { timeout: 15_000 }).toBe(MANY);
      const calls = world.github.calls(mark).map(({ path }) => path.replace(/\?.*/, ""));
      expect(calls.filter((path) => path.endsWith("/jobs"))).toHaveLength(MANY);
      expect(calls.filter((path) => path.endsWith("/actions/artifacts")).length).toBeLessThanOrEqual(4);
      expect(calls.filter((path) => /\/runs\/\d+\/artifacts$/.test(path)).length).toBeLessThanOrEqual(3);
      expect(newest(world, "homebrew")).toBe("9/1");
    },
  );
});
