import { type Duration, MINUTE } from "../instant.ts";
import type { Checkpoint, Outcome } from "./breaker.ts";

/** How far the clock of a runner, which writes `last_failure`, may be ahead of GitHub's, which ends the run. */
const CLOCK_SKEW: Duration = 2 * MINUTE;

/**
 * Whether the pipeline's own `update_breaker.sh` has counted this very run as a failure: it has counted one within the run
 * that no other outcome explains.
 */
export function failedByPipeline(
  { lastFailure, pipelineFailure }: Pick<Checkpoint, "lastFailure" | "pipelineFailure">,
  { startedAt, at }: Pick<Outcome, "startedAt" | "at">,
): boolean {
  return pipelineFailure && lastFailure !== null && startedAt <= lastFailure && lastFailure <= at + CLOCK_SKEW;
}
