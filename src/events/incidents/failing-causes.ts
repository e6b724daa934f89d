import { breakerPolicy } from "../../config/policy.ts";
import type { Breaker } from "../../domain/breaker/breaker.ts";
import { chargedFailures } from "../../domain/breaker/charge-run.ts";
import type { Ecosystem } from "../../domain/ecosystem.ts";
import { impactOf, NO_IMPACT, type RunImpact } from "../../domain/incidents/classify-breaker.ts";
import { addRun, type Causes, NO_CAUSES } from "../../domain/results/causes.ts";
import type { Failure } from "../../domain/results/run-results.ts";
import type { Repository } from "../../github/repository.ts";
import { finished, readAttempt } from "../../github/run-history.ts";
import { attemptOf, type EndedRun, type RunReport, reportRuns } from "../../github/run-report.ts";
import { jobsOf } from "../../github/workflow-run.ts";
import { chargesOf } from "../control/control-decision.ts";
import type { Services } from "../services.ts";

/** A run that failed, with why, as far as one breaker is charged with it. */
export interface FailingRun {
  readonly run: string;
  readonly failures: readonly Failure[];
}

/**
 * Why the runs failed that opened a breaker: those that it remembers are asked for their results, once in the life of an
 * incident. What GitHub does not answer is left out: the incident must open all the same.
 */
export async function causesOfOpening(
  repository: Repository,
  {
    ecosystem,
    breaker,
    latest,
  }: { readonly ecosystem: Ecosystem; readonly breaker: Breaker; readonly latest: FailingRun },
  { store, log }: Services,
): Promise<Causes> {
  const earlier = breaker.window.filter(({ run, failed }) => failed > 0 && run !== latest.run);
  const settings = await store.settings(repository);
  const reports = await reportsOf(
    repository,
    earlier.map(({ run }) => run),
    (runs) => reportRuns(repository, runs, settings),
  ).catch((error: unknown) => {
    log.warn({ err: error, repository: repository.fullName, ecosystem }, "causes of earlier runs not read");
    return [];
  });
  const known = new Map(
    reports.map((report) => {
      const results = report.results(settings);
      // Which ecosystems were spared then is not known any more; all that failed in the run is told of the infrastructure.
      return [attemptOf(report.run), chargedFailures(results, [...results.ecosystems.keys()], ecosystem)] as const;
    }),
  );
  known.set(latest.run, latest.failures);
  const inOrder = [...earlier.map(({ run }) => run), latest.run];
  return inOrder.reduce((causes, run) => {
    const failures = known.get(run);
    return failures === undefined ? causes : addRun(causes, run, failures);
  }, NO_CAUSES);
}

/** What an earlier run did on the whole; nothing is known of one that GitHub does not answer for. */
export async function impactOfRun(
  repository: Repository,
  attempt: string,
  ecosystem: Ecosystem,
  { store, log }: Services,
): Promise<RunImpact> {
  try {
    const settings = await store.settings(repository);
    const policy = breakerPolicy(settings);
    const ended = await endedRun(repository, attempt);
    if (ended === null) return NO_IMPACT;
    const jobs = await jobsOf(repository, ended.run.id, ended.run.attempt);
    const [report] = await reportRuns(repository, [{ ...ended, jobs }], settings);
    if (report === undefined) return NO_IMPACT;
    const results = report.results(settings);
    const { spared } = chargesOf(report, settings);
    return impactOf(results, chargedFailures(results, spared, ecosystem), policy);
  } catch (error) {
    log.warn({ err: error, repository: repository.fullName, run: attempt }, "impact of an earlier run not read");
    return NO_IMPACT;
  }
}

/** Results alone are wanted: without the jobs, which tell no packages. */
async function reportsOf(
  repository: Repository,
  runs: readonly string[],
  report: (runs: readonly EndedRun[]) => Promise<readonly RunReport[]>,
): Promise<readonly RunReport[]> {
  const ended = await Promise.all(runs.map((run) => endedRun(repository, run)));
  return report(ended.flatMap((run) => (run === null ? [] : [{ ...run, jobs: [] }])));
}

/** An attempt that has ended; null for any other, and for one that GitHub does not know any more. */
async function endedRun(repository: Repository, attempt: string): Promise<Omit<EndedRun, "jobs"> | null> {
  const listed = await readAttempt(repository, attempt);
  const run = listed === null ? null : finished(listed);
  return listed === null || run === null ? null : { run, conclusion: listed.conclusion, headSha: listed.headSha };
}
