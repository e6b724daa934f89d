import type { Instant } from "../instant.ts";
import { type Breaker, CLOSED } from "./breaker.ts";
import type { Transition } from "./transition.ts";

/** An operator opens the breaker. No outcome and no time closes it: `opensAt` is null until a person resets or probes it. */
export function tripBreaker(breaker: Breaker): Transition {
  if (breaker.state === "open" && breaker.opensAt === null) return { kind: "none", breaker };
  return { kind: "opened", cause: "operator", breaker: { ...breaker, state: "open", opensAt: null, probe: null } };
}

/** An operator closes the breaker and lets it start afresh; only the time of the last failure is kept, as a fact. */
export function resetBreaker(breaker: Breaker): Transition {
  return { kind: "closed", breaker: { ...CLOSED, lastFailure: breaker.lastFailure } };
}

/** An operator has the breaker tested now: the next run that starts is the probe. A closed breaker needs none. */
export function probeBreaker(breaker: Breaker, now: Instant): Transition {
  if (breaker.state === "closed") return { kind: "none", breaker };
  return {
    kind: "probing",
    breaker: { ...breaker, state: "half-open", opensAt: now, probe: { successes: 0, lease: null } },
  };
}
