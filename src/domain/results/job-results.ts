import type { Ecosystem } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import { type JobNaming, jobNameReader, shortJobName } from "../job-name.ts";
import type { Category } from "./category.ts";
import type { EcosystemResult, FinishedRun, RunResults } from "./run-results.ts";

/** A job of the run's attempt, as GitHub lists it. */
export interface RunJob {
  readonly name: string;
  /** `success`, `failure`, …; null while it is not finished. */
  readonly conclusion: string | null;
  readonly startedAt: Instant | null;
  /** Whether it failed because its runner went away. */
  readonly runnerLost: boolean;
}

/** What a job says of its ecosystem; null: nothing. */
type Verdict = { readonly ok: true } | { readonly ok: false; readonly category: Category } | null;

/**
 * What a run did to each ecosystem whose jobs are a matrix over ecosystems, `generate (homebrew, linux)`: every job is one
 * part. Jobs that were cancelled or skipped tell nothing, and no more do jobs of an earlier attempt, which GitHub lists
 * again when only the failed ones are rerun.
 */
export function jobResults(jobs: readonly RunJob[], run: FinishedRun, naming: JobNaming): RunResults {
  const readName = jobNameReader(naming);
  const ecosystems = new Map<Ecosystem, EcosystemResult>();
  const illFormed: string[] = [];
  let lost = 0;
  for (const job of jobs) {
    const verdict = judge(job);
    if (verdict === null || isCarriedOver(job.startedAt, run)) continue;
    const named = readName(job.name);
    if (named.kind === "ecosystem") {
      ecosystems.set(
        named.ecosystem,
        addPart(ecosystems.get(named.ecosystem), verdict, job.startedAt ?? run.startedAt),
      );
    } else if (!verdict.ok && verdict.category === "runner") lost += 1;
    if (named.kind === "ill-formed") illFormed.push(shortJobName(job.name));
  }
  return { ecosystems, lost, illFormed };
}

/** What a job's conclusion says (GitHub documentation: REST API, workflow jobs). One that is not known here says nothing. */
function judge({ conclusion, runnerLost }: RunJob): Verdict {
  switch (conclusion) {
    case "success":
      return { ok: true };
    case "failure":
      return { ok: false, category: runnerLost ? "runner" : "other" };
    case "timed_out":
      return { ok: false, category: "timeout" };
    case "startup_failure":
      return { ok: false, category: "runner" };
    default:
      return null;
  }
}

/** Whether GitHub lists a job of an earlier attempt again because only the failed ones were rerun. */
export function isCarriedOver(startedAt: Instant | null, run: Pick<FinishedRun, "startedAt">): boolean {
  return startedAt !== null && startedAt < run.startedAt;
}

/** When a run began to work: it may wait for others of its concurrency group, and begins with its first job. */
export function beginningOf(jobs: readonly RunJob[], run: FinishedRun): Instant {
  const starts = jobs.flatMap(({ startedAt }) =>
    startedAt === null || isCarriedOver(startedAt, run) ? [] : [startedAt],
  );
  return starts.length === 0 ? run.startedAt : Math.min(...starts);
}

function addPart(
  before: EcosystemResult | undefined,
  verdict: NonNullable<Verdict>,
  startedAt: Instant,
): EcosystemResult {
  const { ok, failed, failures } = before ?? { ok: 0, failed: 0, failures: [] };
  const begun = Math.min(before?.startedAt ?? startedAt, startedAt);
  if (verdict.ok) return { startedAt: begun, ok: ok + 1, failed, failures };
  const failure = { category: verdict.category, package: null };
  return { startedAt: begun, ok, failed: failed + 1, failures: [...failures, failure] };
}
