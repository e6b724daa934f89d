import { describe, expect, test } from "vitest";
import { jobMinutes, type MeteredJob } from "../../../src/domain/budget/job-minutes.ts";
import { MINUTE, SECOND } from "../../../src/domain/instant.ts";
import { at, job, POLICY, runOf } from "./example.ts";

const minutesOf = (one: MeteredJob) => jobMinutes(runOf(one), POLICY).map(({ minutes }) => minutes);
const lasting = (time: number) => job(1, { startedAt: at(0, 12) - time, completedAt: at(0, 12) });

describe("each job is rounded up to the minute", () => {
  test.each([
    [0, 0],
    [1, 1],
    [59 * SECOND, 1],
    [60 * SECOND, 1],
    [61 * SECOND, 2],
    [-5 * SECOND, 0],
  ])("%i ms: %i", (time, minutes) => expect(minutesOf(lasting(time))).toEqual([minutes]));
});

describe("conclusions", () => {
  test.each(["success", "failure", "cancelled", "timed_out", "neutral", "invented_tomorrow"])(
    "%s costs its time",
    (conclusion) => expect(minutesOf(job(1, { conclusion }))).toEqual([10]),
  );

  test("skipped is free", () => expect(minutesOf(job(1, { conclusion: "skipped" }))).toEqual([]));

  test("cancelled before a runner took it is free", () =>
    expect(minutesOf(job(1, { conclusion: "cancelled", ran: false }))).toEqual([]));

  test.each([{ conclusion: null }, { completedAt: null }, { startedAt: null }])(
    "a job that has not ended is left for when it has: %j",
    (details) => expect(minutesOf(job(1, details))).toEqual([]),
  );
});

test("a copy of an earlier attempt's job, listed again under a new id, belongs to that attempt", () => {
  const rerun = { ...runOf(job(1), job(2)).run, attempt: 2, startedAt: at(0, 12) };
  const carriedOver = job(3, { endedAt: at(0, 11) });
  const again = job(4, { endedAt: at(0, 13) });
  expect(jobMinutes({ run: rerun, jobs: [carriedOver, again] }, POLICY).map(({ id }) => id)).toEqual([4]);
});

test("the ecosystem is the one that the job names, under its own name", () => {
  const names = [job(1), job(2, { ecosystem: "cargo" }), job(3, { ecosystem: "all" }), job(4, { ecosystem: null })];
  expect(jobMinutes(runOf(...names), POLICY).map(({ ecosystem }) => ecosystem)).toEqual([
    "homebrew",
    "crates.io",
    null,
    null,
  ]);
});

describe("a job looks as if it had nothing to test", () => {
  const shape = { ecosystem: null, endedAt: at(0, 12), startedAt: at(0, 12) - 90 * SECOND };
  test.each([
    ["a short macOS job without an ecosystem", {}, true],
    ["of two minutes", { startedAt: at(0, 12) - 2 * MINUTE }, false],
    ["that failed", { conclusion: "failure" }, false],
    ["on Linux", { system: "linux" as const }, false],
    ["of an ecosystem", { ecosystem: "npm" }, false],
  ])("%s: %#", (_, details, looksIdle) => {
    expect(jobMinutes(runOf(job(1, { ...shape, ...details })), POLICY)[0]?.looksIdle).toBe(looksIdle);
  });
});
