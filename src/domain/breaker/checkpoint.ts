import type { Instant } from "../instant.ts";
import {
  type Breaker,
  type BreakerPolicy,
  type Checkpoint,
  type Moment,
  PROBE_LEASE,
  type Standing,
} from "./breaker.ts";
import { onTime } from "./on-time.ts";
import { stepThrough } from "./step.ts";
import { byTime, outcomesAfter } from "./window.ts";

/** Where outcomes continue from. */
export interface Footing {
  readonly checkpoint: Checkpoint;
  /** Until when time is known to have passed, because the breaker says what only time has made of it. */
  readonly passed: Instant;
}

/**
 * The checkpoint from which a breaker says what it says. If its outcomes do not lead there, somebody else wrote it, or the
 * policy was another then: what it says now is the truth, and all that is known from before is settled.
 */
export function footingOf(breaker: Breaker, policy: BreakerPolicy): Footing {
  const checkpoint = breaker.checkpoint ?? asItStands(breaker);
  const { end } = stepThrough(checkpoint, outcomesAfter(breaker.window, checkpoint.until), policy);
  return {
    checkpoint: isMadeByTime(breaker, end, policy) ? checkpoint : takeOver(breaker, checkpoint, end),
    passed: passedAt(breaker),
  };
}

/** The breaker after a decision that does not follow from outcomes: no outcome from before `now` can undo it. */
export function settle(breaker: Breaker, now: Instant | null): Breaker {
  const until = latest(newest(breaker), now === null ? null : { at: now, run: null });
  return { ...breaker, checkpoint: { ...dormant(breaker), rated: [], pipelineFailure: false, until } };
}

/** What a breaker says, without what it follows from. */
export function standingOf({ state, failures, lastFailure, opensAt, trips, probe }: Standing): Standing {
  return { state, failures, lastFailure, opensAt, trips, probe };
}

/** The checkpoint of a breaker that has none: upstream's entry, or that of an earlier version. */
function asItStands(breaker: Breaker): Checkpoint {
  const { state, window } = breaker;
  return {
    ...dormant(breaker),
    rated: state === "closed" ? window.map(({ ok, failed }) => ({ ok, failed })) : [],
    pipelineFailure: isUnexplained(breaker),
    until: newest(breaker),
  };
}

/** What somebody wrote, with the rest of what the outcomes led to. */
function takeOver(breaker: Breaker, before: Checkpoint, end: Checkpoint): Checkpoint {
  const { state, lastFailure } = breaker;
  const known = [end, before].find((checkpoint) => checkpoint.lastFailure === lastFailure);
  return {
    ...dormant(breaker),
    rated: state === "closed" ? end.rated : [],
    pipelineFailure: known?.pipelineFailure ?? isUnexplained(breaker),
    until: end.until,
  };
}

/** Whether the last failure is none that is known. A count of zero means that the script has seen a success since. */
function isUnexplained({ failures, lastFailure, window }: Breaker): boolean {
  return failures > 0 && lastFailure !== null && window.every(({ at }) => at !== lastFailure);
}

/**
 * Whether a breaker says what `end` does, or what time makes of that: a lease that ended, an opening that became due and
 * was made half-open by a timer.
 */
function isMadeByTime(breaker: Breaker, end: Standing, policy: BreakerPolicy): boolean {
  const expired = onTime({ ...breaker, ...standingOf(end) }, policy, Number.POSITIVE_INFINITY).breaker;
  return [end, expired].some((standing) => isSame(dormant(standing), dormant(breaker)));
}

function isSame(a: Standing, b: Standing): boolean {
  const keys = ["state", "failures", "lastFailure", "opensAt", "trips"] as const;
  return a.probe?.successes === b.probe?.successes && keys.every((key) => a[key] === b[key]);
}

function passedAt({ state, opensAt, lease }: Breaker): Instant {
  const since = state === "half-open" && opensAt !== null ? opensAt : Number.NEGATIVE_INFINITY;
  if (lease === null) return since;
  const isSpent = opensAt !== null && opensAt > lease.until;
  return Math.max(since, isSpent ? lease.until : lease.until - PROBE_LEASE);
}

/** Half-open and waiting for a run is what an open breaker becomes by itself: as long as nothing else happened, one value. */
function dormant(breaker: Standing): Standing {
  const standing = standingOf(breaker);
  const { state, opensAt, probe } = standing;
  const isUntouched = probe === null || probe.successes === 0;
  return state === "half-open" && opensAt !== null && isUntouched
    ? { ...standing, state: "open", probe: null }
    : standing;
}

function newest({ window, checkpoint }: Breaker): Moment | null {
  const last = window.at(-1);
  return latest(last === undefined ? null : { at: last.at, run: last.run }, checkpoint?.until ?? null);
}

function latest(a: Moment | null, b: Moment | null): Moment | null {
  if (a === null || b === null) return a ?? b;
  return byTime(a, b) < 0 ? b : a;
}
