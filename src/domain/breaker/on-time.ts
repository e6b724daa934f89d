import type { Instant } from "../instant.ts";
import type { BreakerPolicy, Standing } from "./breaker.ts";
import type { Transition } from "./transition.ts";

/**
 * What has become of a breaker by itself until `now`. Every other decision begins with this, so that it makes no
 * difference how often a timer looks:
 * - A probe whose lease ended without a result says nothing about the ecosystem: open again for the basic recovery time,
 *   counted from the end of the lease, and no trip more.
 * - A closed breaker of ours has no `opensAt`. One that has it was closed by another writer, as `update_breaker.sh` does:
 *   that is accepted, and what is known from before it counts no more than after a recovery.
 */
export function onTime<Subject extends Standing>(
  breaker: Subject,
  policy: BreakerPolicy,
  now: Instant,
): Transition<Subject> {
  const lease = breaker.probe?.lease;
  if (lease && lease.until <= now) {
    return {
      kind: "expired",
      breaker: { ...breaker, state: "open", opensAt: lease.until + policy.recovery, probe: null },
    };
  }
  if (breaker.state === "closed" && breaker.opensAt !== null && breaker.trips > 0) {
    return { kind: "closed", breaker: { ...breaker, opensAt: null } };
  }
  return { kind: "none", breaker };
}

/** The breaker as the file should say it at `now`; the very value that went in when it says so already. */
export function letPass<Subject extends Standing>(before: Subject, policy: BreakerPolicy, now: Instant): Subject {
  const { kind, breaker } = onTime(before, policy, now);
  const settled = kind === "expired" ? breaker : before;
  const { state, opensAt } = settled;
  if (state !== "open" || opensAt === null || now < opensAt) return settled;
  return { ...settled, state: "half-open", probe: { successes: 0, lease: null } };
}
