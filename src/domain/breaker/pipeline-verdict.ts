import { type Duration, MINUTE } from "../instant.ts";
import type { Breaker, Outcome } from "./breaker.ts";

/** How far the clock of a runner, which writes `last_failure`, may be ahead of GitHub's, which ends the run. */
const CLOCK_SKEW: Duration = 2 * MINUTE;

/**
 * Whether the pipeline's own `update_breaker.sh` has counted this very run as a failure: the entry has a last failure
 * within the run that no sample of ours explains. A count of zero means that the script has seen a success since.
 */
export function failedByPipeline(
  { failures, lastFailure, window }: Breaker,
  { startedAt, at }: Pick<Outcome, "startedAt" | "at">,
): boolean {
  if (failures === 0 || lastFailure === null) return false;
  const withinRun = startedAt <= lastFailure && lastFailure <= at + CLOCK_SKEW;
  return withinRun && window.every((sample) => sample.at !== lastFailure);
}
