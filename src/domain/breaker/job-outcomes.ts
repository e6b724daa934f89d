import type { Ecosystem } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import { type JobNaming, jobNameReader, shortJobName } from "../job-name.ts";
import type { Outcome } from "./breaker.ts";

/** A job of the run's attempt, as GitHub lists it. */
export interface RunJob {
  readonly name: string;
  /** `success`, `failure`, …; null while it is not finished. */
  readonly conclusion: string | null;
  readonly startedAt: Instant | null;
}

/** A finished attempt of a workflow run. */
export interface FinishedRun {
  readonly id: number;
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly completedAt: Instant;
}

/** What the jobs of a run say about ecosystems, and what about none. */
export interface JobOutcomes {
  readonly outcomes: ReadonlyMap<Ecosystem, Outcome>;
  /** Names of jobs that GitHub could not start: no ecosystem is to blame. */
  readonly infrastructure: readonly string[];
  /** Names of jobs where the pattern found no well-formed ecosystem name: for the log, cut to a safe length. */
  readonly illFormed: readonly string[];
}

/**
 * The outcome of each ecosystem in a run whose jobs are a matrix over ecosystems, `generate (homebrew, linux)`: every job
 * is one part. Jobs that were cancelled or skipped tell nothing, and no more do jobs of an earlier attempt, which GitHub
 * lists again when only the failed ones are rerun. An ecosystem without a part has no outcome.
 */
export function jobOutcomes(jobs: readonly RunJob[], run: FinishedRun, naming: JobNaming): JobOutcomes {
  const readName = jobNameReader(naming);
  const outcomes = new Map<Ecosystem, Outcome>();
  const infrastructure: string[] = [];
  const illFormed: string[] = [];
  for (const { name: fullName, conclusion, startedAt } of jobs) {
    const name = shortJobName(fullName);
    const verdict = judge(conclusion);
    if (verdict === "ignored" || isCarriedOver(startedAt, run)) continue;
    if (verdict === "infrastructure") {
      infrastructure.push(name);
      continue;
    }
    const named = readName(name);
    if (named.kind === "ill-formed") illFormed.push(name);
    if (named.kind !== "ecosystem") continue;
    const { ecosystem } = named;
    outcomes.set(ecosystem, addPart(outcomes.get(ecosystem), verdict, startedAt, run));
  }
  return { outcomes, infrastructure, illFormed };
}

/** What a job's conclusion says (GitHub documentation: REST API, workflow jobs). One that is not known here says nothing. */
function judge(conclusion: string | null): "ok" | "failed" | "infrastructure" | "ignored" {
  switch (conclusion) {
    case "success":
      return "ok";
    case "failure":
    case "timed_out":
      return "failed";
    case "startup_failure":
      return "infrastructure";
    default:
      return "ignored";
  }
}

/** Whether GitHub lists a job of an earlier attempt again because only the failed ones were rerun. */
export function isCarriedOver(startedAt: Instant | null, run: FinishedRun): boolean {
  return startedAt !== null && startedAt < run.startedAt;
}

/** A run may wait for others of its concurrency group: the work begins with its first job, and ends with the run. */
function addPart(
  outcome: Outcome | undefined,
  verdict: "ok" | "failed",
  startedAt: Instant | null,
  run: FinishedRun,
): Outcome {
  const begun = startedAt ?? run.startedAt;
  return {
    run: `${run.id}.${run.attempt}`,
    startedAt: Math.min(outcome?.startedAt ?? begun, begun),
    at: run.completedAt,
    ok: (outcome?.ok ?? 0) + (verdict === "ok" ? 1 : 0),
    failed: (outcome?.failed ?? 0) + (verdict === "failed" ? 1 : 0),
  };
}
