import type { Instant } from "../instant.ts";
import { type Breaker, CLOSED } from "./breaker.ts";
import { settle } from "./checkpoint.ts";
import type { Transition } from "./transition.ts";

// What an operator decides holds against everything that ended before: its outcome may still arrive, and counts no more.

/** An operator opens the breaker. No outcome and no time closes it: `opensAt` is null until a person resets or probes it. */
export function tripBreaker(breaker: Breaker, now: Instant): Transition {
  if (breaker.state === "open" && breaker.opensAt === null) return { kind: "none", breaker };
  const open: Breaker = { ...breaker, state: "open", opensAt: null, probe: null, lease: null };
  return { kind: "opened", cause: "operator", breaker: settle(open, now) };
}

/** An operator closes the breaker and lets it start afresh; what is known of earlier runs is kept, as a fact. */
export function resetBreaker(breaker: Breaker, now: Instant): Transition {
  const { lastFailure, window, checkpoint } = breaker;
  return { kind: "closed", breaker: settle({ ...CLOSED, lastFailure, window, checkpoint }, now) };
}

/** An operator has the breaker tested now: the next run that starts is the probe. A closed breaker needs none. */
export function probeBreaker(breaker: Breaker, now: Instant): Transition {
  if (breaker.state === "closed") return { kind: "none", breaker };
  const halfOpen: Breaker = { ...breaker, state: "half-open", opensAt: now, probe: { successes: 0 }, lease: null };
  return { kind: "probing", breaker: settle(halfOpen, now) };
}
