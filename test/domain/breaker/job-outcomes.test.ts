import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { jobOutcomes, type RunJob } from "../../../src/domain/breaker/job-outcomes.ts";
import { MINUTE } from "../../../src/domain/instant.ts";
import { NOON } from "./example.ts";

const RUN = { id: 17352, attempt: 2, startedAt: NOON, completedAt: NOON + 60 * MINUTE };
const NAMING = { pattern: String.raw`\((?<ecosystem>[^(),]+)`, aliases: new Map([["cargo", "crates.io"]]) };

function job(name: string, conclusion: string | null = "success", startedAt: number | null = NOON + MINUTE): RunJob {
  return { name, conclusion, startedAt };
}

function outcomesOf(jobs: readonly RunJob[]): Record<string, unknown> {
  return Object.fromEntries(jobOutcomes(jobs, RUN, NAMING).outcomes);
}

test("every job of the matrix is one part of its ecosystem's outcome, which ends with the run", () => {
  const jobs = [
    job("generate (homebrew, linux)", "success", NOON + 3 * MINUTE),
    job("generate (homebrew, macos)", "failure", NOON + 2 * MINUTE),
    job("generate (homebrew, arm64)", "success", NOON + 4 * MINUTE),
    job("generate (npm, linux)", "timed_out"),
    job("merge"),
  ];
  expect(outcomesOf(jobs)).toEqual({
    homebrew: { run: "17352.2", startedAt: NOON + 2 * MINUTE, at: RUN.completedAt, ok: 2, failed: 1 },
    npm: { run: "17352.2", startedAt: NOON + MINUTE, at: RUN.completedAt, ok: 0, failed: 1 },
  });
});

describe("conclusions", () => {
  test.each(["cancelled", "skipped", "neutral", "stale", "action_required", "invented_tomorrow", null])(
    "%s says nothing of an ecosystem",
    (conclusion) => {
      expect(jobOutcomes([job("generate (npm)", conclusion)], RUN, NAMING)).toEqual({
        outcomes: new Map(),
        infrastructure: [],
        illFormed: [],
      });
    },
  );

  test("a job that GitHub could not start is not charged to its ecosystem", () => {
    const { outcomes, infrastructure } = jobOutcomes([job("generate (npm)", "startup_failure")], RUN, NAMING);
    expect(outcomes.size).toBe(0);
    expect(infrastructure).toEqual(["generate (npm)"]);
  });
});

test("a job carried over from an earlier attempt is not counted again", () => {
  expect(outcomesOf([job("generate (npm)", "success", NOON - 1), job("generate (go)", "success", null)])).toEqual({
    go: { run: "17352.2", startedAt: NOON, at: RUN.completedAt, ok: 1, failed: 0 },
  });
});

describe("names", () => {
  test("one ecosystem under several names is one", () => {
    expect(outcomesOf([job("a (cargo)"), job("b (Crates.io)"), job("c ( crates.io , linux)")])).toMatchObject({
      "crates.io": { ok: 3 },
    });
  });

  test("placeholders are no ecosystems and no error", () => {
    expect(jobOutcomes([job("a (default)"), job("b (all)")], RUN, NAMING)).toMatchObject({
      outcomes: new Map(),
      illFormed: [],
    });
  });

  test.each(["__proto__", "../x", "homebrew\u202e", "hоmebrew", "a".repeat(65)])(
    "%j is reported, not charged",
    (name) => {
      const { outcomes, illFormed } = jobOutcomes([job(`generate (${name})`, "failure")], RUN, NAMING);
      expect(outcomes.size).toBe(0);
      expect(illFormed).toEqual([`generate (${name})`]);
    },
  );

  test("a name is cut before it is matched", () => {
    const { outcomes, illFormed } = jobOutcomes(
      [job(`${"x".repeat(200)}(npm)`), job(`(${"x".repeat(1e6)}`)],
      RUN,
      NAMING,
    );
    expect(outcomes.size).toBe(0);
    expect(illFormed).toEqual([`(${"x".repeat(199)}`]);
  });

  test("a pattern of their own finds them elsewhere", () => {
    const naming = { ...NAMING, pattern: "^(?<ecosystem>[a-z]+):" };
    expect([...jobOutcomes([job("npm: generate")], RUN, naming).outcomes.keys()]).toEqual(["npm"]);
  });
});

test.prop([
  fc.array(
    fc.record({
      name: fc.string({ unit: "binary" }),
      conclusion: fc.option(fc.constantFrom("success", "failure", "startup_failure", "odd")),
      startedAt: fc.option(fc.integer()),
    }),
  ),
])("no list of jobs throws, and every outcome has a part", (jobs) => {
  for (const { ok, failed } of jobOutcomes(jobs, RUN, NAMING).outcomes.values()) expect(ok + failed).toBeGreaterThan(0);
});
