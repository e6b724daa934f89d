import type { Instant } from "../instant.ts";
import type { Breaker, BreakerPolicy, Standing } from "./breaker.ts";
import type { Transition } from "./transition.ts";

/**
 * What has become of a breaker by itself until `now`, so that it makes no difference how often a timer looks: a probe whose
 * lease ended without a result says nothing about the ecosystem. It is open again for the basic recovery time, counted from
 * the end of the lease, and no trip more. The lease stays as the reason for that; no outcome is judged by it.
 */
export function onTime(breaker: Breaker, policy: BreakerPolicy, now: Instant): Transition {
  const { lease } = breaker;
  if (lease === null || now < lease.until || !concernsLease(breaker, lease.until)) return adoptClosing(breaker);
  return {
    kind: "expired",
    breaker: { ...breaker, state: "open", opensAt: lease.until + policy.recovery, probe: null },
  };
}

/**
 * A closed breaker of ours has no `opensAt`. One that has it was closed by another writer, as `update_breaker.sh` does:
 * that is accepted, and what is known from before it counts no more than after a recovery.
 */
export function adoptClosing<Subject extends Standing>(breaker: Subject): Transition<Subject> {
  return breaker.state === "closed" && breaker.opensAt !== null && breaker.trips > 0
    ? { kind: "closed", breaker: { ...breaker, opensAt: null } }
    : { kind: "none", breaker };
}

/** The breaker as the file should say it at `now`; the very value that went in when it says so already. */
export function letPass(before: Breaker, policy: BreakerPolicy, now: Instant): Breaker {
  const { kind, breaker } = onTime(before, policy, now);
  const settled = kind === "expired" ? breaker : before;
  const { state, opensAt } = settled;
  if (state !== "open" || opensAt === null || now < opensAt) return settled;
  return { ...settled, state: "half-open", probe: { successes: 0 } };
}

/** Whether a lease until then is one of this time of testing, and not of the one before, which it ended. */
export function concernsLease({ state, opensAt }: Standing, until: Instant): boolean {
  return state === "half-open"
    ? opensAt === null || opensAt < until
    : state === "open" && opensAt !== null && opensAt < until;
}
