import type { Instant } from "../instant.ts";
import { recoveryTime } from "./backoff.ts";
import { type BreakerPolicy, type Checkpoint, CLOSED, type Outcome, type Parts } from "./breaker.ts";
import { adoptClosing } from "./on-time.ts";
import { failedByPipeline } from "./pipeline-verdict.ts";
import type { Transition } from "./transition.ts";
import { brokenRule, isFailing, trailingFailures } from "./trip-rule.ts";

/** The next outcome in time. */
interface Evidence {
  readonly outcome: Outcome;
  /** Whether the pipeline's script has counted it as a failure already. */
  readonly counted: boolean;
  readonly policy: BreakerPolicy;
}

type Step = Transition<Checkpoint>;

/** What the outcomes after a checkpoint lead to. */
export interface Path {
  readonly end: Checkpoint;
  readonly steps: readonly Step[];
  /** The outcomes as they were judged: those that the pipeline's script counted as failures have failed completely. */
  readonly judged: readonly Outcome[];
}

/** Takes a step for each outcome, from where the one before it led. They have to come in the order of time. */
export function stepThrough(start: Checkpoint, outcomes: readonly Outcome[], policy: BreakerPolicy): Path {
  const steps: Step[] = [];
  const judged: Outcome[] = [];
  let end = start;
  for (const reported of outcomes) {
    const counted = failedByPipeline(end, reported);
    const outcome = counted ? whollyFailed(reported) : reported;
    const next = step(end, { outcome, counted, policy });
    judged.push(outcome);
    steps.push(next);
    end = next.breaker;
  }
  return { end, steps, judged };
}

/** What the next outcome in time does to its ecosystem's breaker; the rules are in docs/breakers.md. */
function step(before: Checkpoint, evidence: Evidence): Step {
  const { outcome } = evidence;
  const settled = adoptClosing(before);
  const rated = settled.kind === "closed" ? [] : before.rated;
  const decided = decide({ ...settled.breaker, rated, until: { at: outcome.at, run: outcome.run } }, evidence);
  return decided.kind === "recorded" && settled.kind !== "none" ? { ...settled, breaker: decided.breaker } : decided;
}

/** What the script's failure means: no recipe succeeded. It has seen the recipes, where we may have seen only green jobs. */
function whollyFailed(outcome: Outcome): Outcome {
  return { ...outcome, ok: 0, failed: outcome.ok + outcome.failed };
}

function decide(breaker: Checkpoint, evidence: Evidence): Step {
  switch (breaker.state) {
    case "closed":
      return isFailing(evidence.outcome, evidence.policy)
        ? countFailure(breaker, evidence)
        : countSuccess(breaker, evidence);
    case "open":
    case "half-open":
      if (breaker.state === "open" && breaker.opensAt === null) return { kind: "recorded", breaker };
      if (evidence.counted) return adoptTrip(breaker, evidence);
      return answersProbe(breaker, evidence) ? answer(breaker, evidence) : { kind: "recorded", breaker };
  }
}

/**
 * Whether the run is the test of the breaker: it began when the breaker was due. Starts are not always seen, so it does not
 * matter whether the file says half-open yet, nor who has the lease. What began before was admitted before the trip: it is
 * evidence, not a verdict.
 */
function answersProbe({ opensAt }: Checkpoint, { outcome }: Evidence): boolean {
  return opensAt === null || outcome.startedAt >= opensAt;
}

function countSuccess(breaker: Checkpoint, { outcome, policy }: Evidence): Step {
  const { lastFailure } = breaker;
  // A failure that the script counted after this success is one that we have yet to hear of.
  const pipelineFailure = breaker.pipelineFailure && lastFailure !== null && lastFailure > outcome.at;
  const rated = rate(breaker, outcome, policy);
  return {
    kind: "recorded",
    breaker: { ...breaker, failures: 0, trips: tripsAt(breaker, outcome.at, policy), rated, pipelineFailure },
  };
}

function countFailure(breaker: Checkpoint, evidence: Evidence): Step {
  const { outcome, policy } = evidence;
  const next: Checkpoint = {
    ...breaker,
    ...timeFailure(breaker, evidence),
    failures: countFailures(breaker, evidence),
    trips: tripsAt(breaker, outcome.at, policy),
    rated: rate(breaker, outcome, policy),
  };
  const cause = brokenRule(next, policy);
  return cause === null ? { kind: "recorded", breaker: next } : { kind: "opened", cause, breaker: open(next, policy) };
}

/**
 * The failures in a row with this one: those that the rated outcomes show, and those that only the count knows, because
 * they are rated no more or the pipeline's script counted them. An outcome that began before the last of those was
 * counted is one of them: it must not count twice.
 */
function countFailures({ failures, lastFailure, rated }: Checkpoint, { outcome, policy }: Evidence): number {
  const shown = trailingFailures(rated, policy);
  const unseen = Math.max(0, failures - shown);
  const isOneOfThem = unseen > 0 && lastFailure !== null && outcome.startedAt <= lastFailure;
  return shown + unseen + (isOneOfThem ? 0 : 1);
}

function answer(breaker: Checkpoint, evidence: Evidence): Step {
  const { outcome, policy } = evidence;
  if (isFailing(outcome, policy)) {
    const failed = { ...breaker, ...timeFailure(breaker, evidence), failures: breaker.failures + 1 };
    return { kind: "reopened", breaker: open(failed, policy) };
  }
  const successes = (breaker.probe?.successes ?? 0) + 1;
  if (successes < policy.probes) {
    return { kind: "probing", breaker: { ...breaker, state: "half-open", probe: { successes } } };
  }
  const { state, failures, opensAt, probe } = CLOSED;
  const rated = rate(breaker, outcome, policy);
  return {
    kind: "closed",
    breaker: { ...breaker, state, failures, opensAt, probe, rated, pipelineFailure: false },
  };
}

/**
 * The script opened the breaker for this run before we heard of it, always for the same time: take its trip over, with
 * our backoff. It opens a closed breaker with the failure that reaches the threshold; any other was that of a probe.
 */
function adoptTrip(breaker: Checkpoint, evidence: Evidence): Step {
  const opened = open({ ...breaker, ...timeFailure(breaker, evidence) }, evidence.policy);
  return breaker.failures === evidence.policy.consecutive
    ? { kind: "opened", cause: "pipeline", breaker: opened }
    : { kind: "reopened", breaker: opened };
}

/** Opens for the recovery time, counted from the last failure. Nothing is rated until it closes, and then afresh. */
function open(breaker: Checkpoint, policy: BreakerPolicy): Checkpoint {
  const trips = breaker.trips + 1;
  const opensAt = (breaker.lastFailure ?? 0) + recoveryTime(trips, policy);
  return { ...breaker, state: "open", opensAt, trips, probe: null, rated: [] };
}

/** When the latest failure was. A failure that the script timed gets the time of our outcome, which then explains it. */
function timeFailure(
  { lastFailure: known, pipelineFailure }: Checkpoint,
  { outcome, counted }: Evidence,
): { readonly lastFailure: Instant; readonly pipelineFailure: boolean } {
  const lastFailure = counted || known === null ? outcome.at : Math.max(known, outcome.at);
  return { lastFailure, pipelineFailure: pipelineFailure && !counted && lastFailure === known };
}

/** A day without failures, or whatever the longest recovery time is, forgets the trips. */
function tripsAt({ lastFailure, trips }: Checkpoint, at: Instant, { maxRecovery }: BreakerPolicy): number {
  return lastFailure !== null && at - lastFailure >= maxRecovery ? 0 : trips;
}

function rate({ rated }: Checkpoint, { ok, failed }: Outcome, policy: BreakerPolicy): readonly Parts[] {
  return [...rated, { ok, failed }].slice(-policy.window);
}
