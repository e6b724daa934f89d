import type { Instant } from "../instant.ts";
import type { Breaker, BreakerPolicy } from "./breaker.ts";
import type { Transition } from "./transition.ts";

/**
 * What has become of a breaker by itself until `now`. Every other decision begins with this, so that it makes no
 * difference how often a timer looks:
 * - A probe whose lease ended without a result says nothing about the ecosystem: open again for the basic recovery time,
 *   counted from the end of the lease, and no trip more.
 * - A closed breaker of ours has no `opensAt`. One that has it was closed by another writer, as `update_breaker.sh` does:
 *   that is accepted, and what is known from before it counts no more than after a recovery.
 */
export function onTime(breaker: Breaker, policy: BreakerPolicy, now: Instant): Transition {
  const lease = breaker.probe?.lease;
  if (lease && lease.until <= now) {
    return {
      kind: "expired",
      breaker: { ...breaker, state: "open", opensAt: lease.until + policy.recovery, probe: null },
    };
  }
  if (breaker.state === "closed" && breaker.opensAt !== null && breaker.trips > 0) {
    return { kind: "closed", breaker: { ...breaker, opensAt: null, window: [] } };
  }
  return { kind: "none", breaker };
}
