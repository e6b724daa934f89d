import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { mayRun } from "../../../src/domain/breaker/admission.ts";
import type { Breaker } from "../../../src/domain/breaker/breaker.ts";
import { describeBreaker } from "../../../src/domain/breaker/describe-breaker.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import {
  type BreakerEntry,
  breakerEntry,
  breakerFrom,
  NO_EXTENSION,
} from "../../../src/domain/control/breaker-record.ts";
import { HOUR, type Instant, MINUTE, parseInstant, printInstant } from "../../../src/domain/instant.ts";
import { POLICY } from "./example.ts";

const vectorFile = z.object({
  generated: z.string(),
  vectors: z.array(
    z.object({
      case: z.string(),
      before: breakerEntry.nullable(),
      op: z.enum(["check", "success", "failure"]),
      stdout: z.array(z.string()),
      after: breakerEntry.nullable(),
    }),
  ),
});
type Vector = z.infer<typeof vectorFile>["vectors"][number];

/** Where we decide otherwise than `check_breaker.sh` and `update_breaker.sh`, on purpose: `<case> <op>`. */
const DIFFERENCES: Readonly<Record<string, { readonly ours: Facts; readonly why: string }>> = {
  "open-future success": {
    ours: { state: "open", failures: 5, lastFailure: "2026-06-26T21:51:01Z", opensAt: "2026-11-25T17:24:59Z" },
    why: "a run from before the trip says nothing about now: only a run that started when it was due closes it",
  },
  "open-empty success": {
    ours: { state: "open", failures: 5, lastFailure: null, opensAt: null },
    why: "without a date, only a person closes it",
  },
  "open-absent success": {
    ours: { state: "open", failures: 5, lastFailure: null, opensAt: null },
    why: "without a date, only a person closes it",
  },
  "open-past success": {
    ours: { state: "closed", failures: 0, lastFailure: "2026-06-26T21:51:01Z", opensAt: null },
    why: "a closed breaker has no time at which it opens",
  },
  "open-past failure": {
    ours: {
      state: "open",
      failures: 997,
      lastFailure: "2026-11-23T17:25:01Z",
      opensAt: "2026-11-23T18:25:01Z",
    },
    why: "the run started when it was due: it was the probe, whether or not check_breaker.sh wrote half-open before",
  },
  "weird check": { ours: { skip: true, state: "open" }, why: "a state that nobody can read fails closed" },
  "weird success": {
    ours: { state: "open", failures: 7, lastFailure: null, opensAt: null },
    why: "a state that nobody can read stays until a person resets it",
  },
};

type Facts =
  | { readonly skip: boolean; readonly state: string }
  | {
      readonly state: string;
      readonly failures: number;
      readonly lastFailure: string | null;
      readonly opensAt: string | null;
    };

const dataFolder = process.env.BATCHKEEPER_REAL_DATA;

test.skipIf(!dataFolder)("upstream's scripts and we decide alike, but for the listed differences", () => {
  const text = readFileSync(join(dataFolder ?? "", "upstream/breaker-vectors.json"), "utf8");
  const { generated, vectors } = vectorFile.parse(JSON.parse(text));
  const now = parseInstant(`${generated.slice(0, 19)}Z`) ?? Number.NaN;
  expect(vectors.length).toBeGreaterThanOrEqual(30);
  const different = vectors
    .map((vector) => ({ name: `${vector.case} ${vector.op}`, ours: decideOurs(vector, now), theirs: theirs(vector) }))
    .filter(({ ours, theirs: upstream }) => JSON.stringify(ours) !== JSON.stringify(upstream))
    .map(({ name, ours }) => [name, ours]);
  const expected = Object.entries(DIFFERENCES).map(([name, { ours }]) => [name, ours]);
  expect(Object.fromEntries(different)).toEqual(Object.fromEntries(expected));
});

function theirs({ op, stdout, after }: Vector): Facts {
  if (op !== "check") return factsOf(breakerFrom(after, NO_EXTENSION));
  const state = stdout.find((line) => line.startsWith("state="))?.slice("state=".length) ?? "";
  return { skip: stdout.includes("skip=true"), state };
}

function decideOurs({ before, op, after }: Vector, now: Instant): Facts {
  const breaker = breakerFrom(before, NO_EXTENSION);
  if (op === "check") {
    return { skip: !mayRun(breaker, POLICY, now).allowed, state: describeBreaker(breaker, POLICY, now).state };
  }
  const at = op === "failure" ? (failureTime(before, after) ?? now) : now;
  const parts = op === "success" ? { ok: 1, failed: 0 } : { ok: 0, failed: 1 };
  return factsOf(onOutcome(breaker, { run: "1.1", startedAt: at - 10 * MINUTE, at, ...parts }, POLICY).breaker);
}

/** The second at which the script counted the failure, so that the dates can be compared. */
function failureTime(before: BreakerEntry | null, after: BreakerEntry | null): Instant | null {
  return after?.last_failure === before?.last_failure ? null : parseInstant(after?.last_failure);
}

function factsOf({ state, failures, lastFailure, opensAt }: Breaker): Facts {
  const print = (instant: Instant | null) => (instant === null ? null : printInstant(instant));
  return { state, failures, lastFailure: print(lastFailure), opensAt: print(opensAt) };
}

test("a half-open breaker moves as upstream's does: closed by a success, open for an hour by a failure", () => {
  const at = Date.UTC(2026, 10, 23, 17, 25);
  const entry = {
    state: "half-open",
    failures: 5,
    last_failure: "2026-11-23T15:00:00Z",
    opens_at: "2026-11-23T16:00:00Z",
  };
  const run = { run: "1.1", startedAt: at - 10 * MINUTE, at };
  const halfOpen = breakerFrom(entry, NO_EXTENSION);
  expect(onOutcome(halfOpen, { ...run, ok: 1, failed: 0 }, POLICY).breaker).toMatchObject({
    state: "closed",
    failures: 0,
  });
  expect(onOutcome(halfOpen, { ...run, ok: 0, failed: 1 }, POLICY).breaker).toMatchObject({
    state: "open",
    failures: 6,
    lastFailure: at,
    opensAt: at + HOUR,
  });
});
