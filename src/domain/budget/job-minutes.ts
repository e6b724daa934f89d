import type { Ecosystem } from "../ecosystem.ts";
import { type Instant, MINUTE } from "../instant.ts";
import { type JobNaming, jobNameReader } from "../job-name.ts";
import { isCarriedOver, type RunJob } from "../results/job-results.ts";
import type { FinishedRun } from "../results/run-results.ts";
import { type RunnerClues, type RunnerLabels, type RunnerSystem, runnerSystem } from "./runner-system.ts";

/** A job of an attempt with what its minutes are told from. */
export interface MeteredJob extends RunJob, RunnerClues {
  readonly id: number;
  readonly completedAt: Instant | null;
  /** Whether a runner took it: what was cancelled while it waited cost nothing. */
  readonly ran: boolean;
}

/** A finished attempt with its jobs. */
export interface RunJobs {
  readonly run: FinishedRun;
  readonly jobs: readonly MeteredJob[];
}

/** How minutes are told from jobs. */
export interface Metering {
  readonly runnerLabels: RunnerLabels;
  /** Null where job names tell no ecosystem. */
  readonly naming: JobNaming | null;
}

/** What one job cost. */
export interface JobMinutes {
  readonly id: number;
  readonly endedAt: Instant;
  readonly system: RunnerSystem;
  /** Whole minutes. */
  readonly minutes: number;
  /** Null where the job names none. */
  readonly ecosystem: Ecosystem | null;
  /** Whether it looks like a macOS job that had nothing to test. */
  readonly looksIdle: boolean;
}

/**
 * A macOS job that succeeds within this time has checked out the repository and little else. The pipeline starts its
 * macOS jobs whenever any tracked file changed, most often with nothing for them to test; GitHub does not say so, and
 * the time that it took is all there is to tell by.
 */
const IDLE_WITHIN = 2 * MINUTE;

/**
 * What the jobs of an attempt cost: each rounded up to the minute, as GitHub bills them. Skipped jobs and those that no
 * runner took are free, cancelled ones are not. Jobs of an earlier attempt, which GitHub lists again under new ids when
 * only the failed ones are rerun, belong to that attempt; a job that has not ended is left for when it has.
 */
export function jobMinutes({ run, jobs }: RunJobs, { runnerLabels, naming }: Metering): readonly JobMinutes[] {
  const readName = naming === null ? null : jobNameReader(naming);
  return jobs.flatMap((job): readonly JobMinutes[] => {
    const { id, startedAt, completedAt, conclusion } = job;
    if (startedAt === null || completedAt === null || conclusion === null) return [];
    if (conclusion === "skipped" || !job.ran || isCarriedOver(startedAt, run)) return [];
    const time = Math.max(0, completedAt - startedAt);
    const system = runnerSystem(job, runnerLabels);
    const named = readName?.(job.name);
    const ecosystem = named?.kind === "ecosystem" ? named.ecosystem : null;
    const looksIdle = system === "macos" && ecosystem === null && conclusion === "success" && time < IDLE_WITHIN;
    return [{ id, endedAt: completedAt, system, minutes: Math.ceil(time / MINUTE), ecosystem, looksIdle }];
  });
}
