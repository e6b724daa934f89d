import type { Ecosystem } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import { type JobNaming, jobNameReader } from "../job-name.ts";
import { isCarriedOver } from "../results/job-results.ts";

/** A step of a job, as GitHub lists it. */
interface JobStep {
  readonly name: string;
  /** Null while it is not finished. */
  readonly conclusion: string | null;
  readonly hasBegun: boolean;
}

/** A job of a run, whether it is finished or not. */
export interface WatchedJob {
  readonly name: string;
  /** `success`, `failure`, …; null while it is not finished. */
  readonly conclusion: string | null;
  readonly startedAt: Instant | null;
  /** Whether a runner took it. */
  readonly ran: boolean;
  readonly steps: readonly JobStep[];
}

/**
 * The ecosystems that a run worked on, or is working on, by its jobs. One that was skipped or cancelled did not, and neither
 * did one whose preflight told it to stand down. Jobs of an earlier attempt, which GitHub lists again, do not count.
 */
export function workedOn(
  jobs: readonly WatchedJob[],
  run: { readonly startedAt: Instant },
  naming: JobNaming,
): ReadonlySet<Ecosystem> {
  const readName = jobNameReader(naming);
  const worked = new Set<Ecosystem>();
  for (const job of jobs) {
    if (!isWork(job) || isCarriedOver(job.startedAt, run)) continue;
    const named = readName(job.name);
    if (named.kind === "ecosystem") worked.add(named.ecosystem);
  }
  return worked;
}

function isWork({ conclusion, ran, steps }: WatchedJob): boolean {
  if (!ran || (conclusion !== null && !["success", "failure", "timed_out"].includes(conclusion))) return false;
  const preflight = steps.findIndex(({ name }) => /preflight/i.test(name));
  if (preflight === -1) return true;
  // What comes next shows what the answer was; GitHub's own tidying up is not work.
  const next = steps.slice(preflight + 1).find(({ name }) => !/^(?:Post |Complete job$)/.test(name));
  return next?.hasBegun === true && next.conclusion !== "skipped";
}
