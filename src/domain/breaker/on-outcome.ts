import type { Instant } from "../instant.ts";
import { recoveryTime } from "./backoff.ts";
import { type Breaker, type BreakerPolicy, CLOSED, type Outcome, type Sample } from "./breaker.ts";
import { onTime } from "./on-time.ts";
import { failedByPipeline } from "./pipeline-verdict.ts";
import type { Transition } from "./transition.ts";
import { brokenRule } from "./trip-rule.ts";
import { insertSample, isFailing, isSuperseded, trailingFailures } from "./window.ts";

/** An outcome that is new to the breaker. */
interface Evidence {
  readonly outcome: Outcome;
  /** The window with the outcome in its place: one longer than the policy allows when it was full. */
  readonly samples: readonly Sample[];
  /** Whether the pipeline's script has counted it as a failure already. */
  readonly counted: boolean;
  readonly policy: BreakerPolicy;
}

/**
 * What one outcome does to its ecosystem's breaker; the rules are in docs/breakers.md. Time is the outcome's own, so it
 * makes no difference when it arrives. An attempt that is known, too old for the window or without parts does nothing.
 */
export function onOutcome(before: Breaker, reported: Outcome, policy: BreakerPolicy): Transition {
  const settled = onTime(before, policy, reported.at);
  const { breaker } = settled;
  const counted = failedByPipeline(breaker, reported);
  const outcome = counted ? whollyFailed(reported) : reported;
  const { run, at, ok, failed } = outcome;
  const samples = insertSample(breaker.window, { run, at, ok, failed }, policy.window);
  if (samples === null || ok + failed === 0 || isSuperseded(outcome, before.window)) {
    return { kind: "none", breaker: before };
  }
  const decided = decide(breaker, { outcome, samples, counted, policy });
  return decided.kind === "recorded" && settled.kind !== "none" ? { ...settled, breaker: decided.breaker } : decided;
}

/** What the script's failure means: no recipe succeeded. It has seen the recipes, where we may have seen only green jobs. */
function whollyFailed(outcome: Outcome): Outcome {
  return { ...outcome, ok: 0, failed: outcome.ok + outcome.failed };
}

function decide(breaker: Breaker, evidence: Evidence): Transition {
  switch (breaker.state) {
    case "closed":
      return count(breaker, evidence);
    case "half-open":
      return answersProbe(breaker, evidence) ? answer(breaker, evidence) : record(breaker, evidence);
    case "open":
      if (breaker.opensAt === null) return record(breaker, evidence);
      if (evidence.counted) return adoptTrip(breaker, evidence);
      return answersProbe(breaker, evidence) ? answer(breaker, evidence) : record(breaker, evidence);
  }
}

/**
 * Whether the run is the test of the breaker: it has the lease, or it began when the breaker was due. Admissions are not
 * always seen, so it does not matter whether the file says half-open yet. What began before was admitted before the trip.
 */
function answersProbe({ opensAt, probe }: Breaker, { outcome }: Evidence): boolean {
  return probe?.lease?.run === outcome.run || opensAt === null || outcome.startedAt >= opensAt;
}

/** Evidence, not a verdict: only the window learns of it. */
function record(breaker: Breaker, { samples, policy }: Evidence): Transition {
  return { kind: "recorded", breaker: { ...breaker, window: samples.slice(-policy.window) } };
}

function count(breaker: Breaker, evidence: Evidence): Transition {
  const { outcome, samples, policy } = evidence;
  const window = samples.slice(-policy.window);
  const trips = isCalm(breaker, outcome.at, policy) ? 0 : breaker.trips;
  if (!isFailing(outcome, policy)) {
    const failures = trailingFailures(samples, policy);
    return { kind: "recorded", breaker: { ...breaker, failures, window, trips } };
  }
  const failures = countFailures(breaker, evidence);
  const lastFailure = failureTime(breaker, evidence);
  const next: Breaker = { ...breaker, failures, lastFailure, window, trips };
  const cause = brokenRule(next, policy);
  return cause === null
    ? { kind: "recorded", breaker: next }
    : { kind: "opened", cause, breaker: open(next, lastFailure, policy) };
}

/**
 * The failures in a row once this failing outcome is among the samples: those that the samples show, and those that only
 * the count knows, because the window forgot them or the pipeline's script counted them. An outcome that began before the
 * last of those was counted is one of them: it must not count twice.
 */
function countFailures({ failures, lastFailure, window }: Breaker, { outcome, samples, policy }: Evidence): number {
  const unseen = Math.max(0, failures - trailingFailures(window, policy));
  const isOneOfThem = unseen > 0 && lastFailure !== null && outcome.startedAt <= lastFailure;
  return trailingFailures(samples, policy) + unseen - (isOneOfThem ? 1 : 0);
}

function answer(breaker: Breaker, evidence: Evidence): Transition {
  const { outcome, samples, policy } = evidence;
  const window = samples.slice(-policy.window);
  if (isFailing(outcome, policy)) {
    const failed = { ...breaker, failures: breaker.failures + 1, window };
    return { kind: "reopened", breaker: open(failed, failureTime(breaker, evidence), policy) };
  }
  const successes = (breaker.probe?.successes ?? 0) + 1;
  if (successes < policy.probes) {
    return { kind: "probing", breaker: { ...breaker, state: "half-open", window, probe: { successes, lease: null } } };
  }
  // The new window starts with the probe, so that the same outcome delivered again is known.
  const { lastFailure, trips } = breaker;
  const probe = samples.filter(({ run }) => run === outcome.run);
  return { kind: "closed", breaker: { ...CLOSED, lastFailure, trips, window: probe } };
}

/**
 * The script opened the breaker for this run before we heard of it, always for the same time: take its trip over, with
 * our backoff. It was closed before if the rules were not yet broken without this run; otherwise this was the probe.
 */
function adoptTrip(breaker: Breaker, evidence: Evidence): Transition {
  const { outcome, policy } = evidence;
  const wasTripped = brokenRule({ failures: breaker.failures - 1, window: breaker.window }, policy) !== null;
  const opened = open(record(breaker, evidence).breaker, outcome.at, policy);
  return wasTripped ? { kind: "reopened", breaker: opened } : { kind: "opened", cause: "pipeline", breaker: opened };
}

function open(breaker: Breaker, lastFailure: Instant, policy: BreakerPolicy): Breaker {
  const trips = breaker.trips + 1;
  const opensAt = lastFailure + recoveryTime(trips, policy);
  return { ...breaker, state: "open", lastFailure, opensAt, trips, probe: null };
}

/** When the latest failure was. A failure that the script timed gets the time of our sample, which then explains it. */
function failureTime({ lastFailure }: Breaker, { outcome, counted }: Evidence): Instant {
  return counted || lastFailure === null ? outcome.at : Math.max(lastFailure, outcome.at);
}

function isCalm({ lastFailure }: Breaker, at: Instant, { maxRecovery }: BreakerPolicy): boolean {
  return lastFailure !== null && at - lastFailure >= maxRecovery;
}
