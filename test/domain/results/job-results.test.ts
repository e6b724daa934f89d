import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { MINUTE } from "../../../src/domain/instant.ts";
import { beginningOf, jobResults, type RunJob } from "../../../src/domain/results/job-results.ts";
import { NO_RESULTS } from "../../../src/domain/results/run-results.ts";
import { NOON } from "../breaker/example.ts";

const RUN = { id: 17352, attempt: 2, startedAt: NOON, completedAt: NOON + 60 * MINUTE };
const NAMING = { pattern: String.raw`\((?<ecosystem>[^(),]+)`, aliases: new Map([["cargo", "crates.io"]]) };

function job(name: string, conclusion: string | null = "success", startedAt: number | null = NOON + MINUTE): RunJob {
  return { name, conclusion, startedAt, runnerLost: false };
}

function resultsOf(jobs: readonly RunJob[]): Record<string, unknown> {
  return Object.fromEntries(jobResults(jobs, RUN, NAMING).ecosystems);
}

test("every job of the matrix is one part of its ecosystem's result, which begins with the first", () => {
  const jobs = [
    job("generate (homebrew, linux)", "success", NOON + 3 * MINUTE),
    job("generate (homebrew, macos)", "failure", NOON + 2 * MINUTE),
    job("generate (homebrew, arm64)", "success", NOON + 4 * MINUTE),
    job("generate (npm, linux)", "timed_out"),
    job("merge"),
  ];
  expect(resultsOf(jobs)).toEqual({
    homebrew: { startedAt: NOON + 2 * MINUTE, ok: 2, failed: 1, failures: [{ category: "other", package: null }] },
    npm: { startedAt: NOON + MINUTE, ok: 0, failed: 1, failures: [{ category: "timeout", package: null }] },
  });
});

describe("conclusions", () => {
  test.each(["cancelled", "skipped", "neutral", "stale", "action_required", "invented_tomorrow", null])(
    "%s says nothing of an ecosystem",
    (conclusion) => expect(jobResults([job("generate (npm)", conclusion)], RUN, NAMING)).toEqual(NO_RESULTS),
  );

  test.each([
    ["a job that GitHub could not start", job("generate (npm)", "startup_failure")],
    ["a job whose runner went away", { ...job("generate (npm)", "failure"), runnerLost: true }],
  ])("%s is lost to its runner", (_case, lost) => {
    expect(resultsOf([lost])).toMatchObject({ npm: { ok: 0, failed: 1, failures: [{ category: "runner" }] } });
    expect(jobResults([{ ...lost, name: "merge" }], RUN, NAMING)).toEqual({ ...NO_RESULTS, lost: 1 });
  });
});

test("a job carried over from an earlier attempt is not counted again", () => {
  expect(resultsOf([job("generate (npm)", "success", NOON - 1), job("generate (go)", "success", null)])).toEqual({
    go: { startedAt: NOON, ok: 1, failed: 0, failures: [] },
  });
});

test("a run begins to work with the first job of its own", () => {
  const starts = (...times: readonly (number | null)[]) => times.map((time) => job("a", "success", time));
  expect(beginningOf(starts(NOON + 9, NOON - 1, null, NOON + 5), RUN)).toBe(NOON + 5);
  expect(beginningOf([], RUN)).toBe(NOON);
});

describe("names", () => {
  test("one ecosystem under several names is one", () => {
    expect(resultsOf([job("a (cargo)"), job("b (Crates.io)"), job("c ( crates.io , linux)")])).toMatchObject({
      "crates.io": { ok: 3 },
    });
  });

  test("placeholders are no ecosystems and no error", () => {
    expect(jobResults([job("a (default)"), job("b (all)"), job("c (infrastructure)")], RUN, NAMING)).toEqual(
      NO_RESULTS,
    );
  });

  test.each(["__proto__", "../x", "homebrew\u202e", "hоmebrew", "a".repeat(65)])(
    "%j is reported, not charged",
    (name) => {
      const { ecosystems, illFormed } = jobResults([job(`generate (${name})`, "failure")], RUN, NAMING);
      expect(ecosystems.size).toBe(0);
      expect(illFormed).toEqual([`generate (${name})`]);
    },
  );

  test("a name is cut before it is matched", () => {
    const jobs = [job(`${"x".repeat(200)}(npm)`), job(`(${"x".repeat(1e6)}`)];
    const { ecosystems, illFormed } = jobResults(jobs, RUN, NAMING);
    expect(ecosystems.size).toBe(0);
    expect(illFormed).toEqual([`(${"x".repeat(199)}`]);
  });

  test("a pattern of their own finds them elsewhere", () => {
    const naming = { ...NAMING, pattern: "^(?<ecosystem>[a-z]+):" };
    expect([...jobResults([job("npm: generate")], RUN, naming).ecosystems.keys()]).toEqual(["npm"]);
  });
});

test.prop([
  fc.array(
    fc.record({
      name: fc.string({ unit: "binary" }),
      conclusion: fc.option(fc.constantFrom("success", "failure", "startup_failure", "odd")),
      startedAt: fc.option(fc.integer()),
      runnerLost: fc.boolean(),
    }),
  ),
])("no list of jobs throws, and every ecosystem has a part", (jobs) => {
  for (const { ok, failed } of jobResults(jobs, RUN, NAMING).ecosystems.values())
    expect(ok + failed).toBeGreaterThan(0);
});
