import type { Breaker } from "../domain/breaker/breaker.ts";
import { chargedFailures } from "../domain/breaker/charge-run.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import { addRun, type Causes, NO_CAUSES } from "../domain/results/causes.ts";
import type { Failure } from "../domain/results/run-results.ts";
import type { Repository } from "../github/repository.ts";
import { finished, readAttempt } from "../github/run-history.ts";
import { attemptOf, type EndedRun, type RunReport, reportRuns } from "../github/run-report.ts";
import type { Services } from "./services.ts";

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

/** Results alone are wanted: without the jobs, which tell no packages. */
async function reportsOf(
  repository: Repository,
  runs: readonly string[],
  report: (runs: readonly EndedRun[]) => Promise<readonly RunReport[]>,
): Promise<readonly RunReport[]> {
  const attempts = await Promise.all(runs.map((run) => readAttempt(repository, run)));
  const ended = attempts.flatMap((attempt): readonly EndedRun[] => {
    const run = attempt === null ? null : finished(attempt);
    if (attempt === null || run === null) return [];
    return [{ run, conclusion: attempt.conclusion, headSha: attempt.headSha, jobs: [] }];
  });
  return report(ended);
}
