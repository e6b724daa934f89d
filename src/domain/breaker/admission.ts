import type { Instant } from "../instant.ts";
import type { Breaker, BreakerPolicy } from "./breaker.ts";
import { concernsLease, onTime } from "./on-time.ts";

/** Whether a run may start, as far as the breaker is concerned, and why. */
export type Admission =
  /** `probe`: the breaker is due, and this run would be the test. */
  | { readonly allowed: true; readonly why: "closed" | "probe" }
  | { readonly allowed: false; readonly why: "open until reset" }
  | { readonly allowed: false; readonly why: "open"; readonly until: Instant }
  | { readonly allowed: false; readonly why: "probe under way"; readonly run: string; readonly until: Instant };

/**
 * Whether a run may start now. An open breaker that is due admits one run, whether the file says half-open yet or not
 * (`check_breaker.sh` decides alike); while the lease of that run lives, no other.
 */
export function mayRun(breaker: Breaker, policy: BreakerPolicy, now: Instant): Admission {
  const { state, opensAt, lease } = onTime(breaker, policy, now).breaker;
  if (state === "closed") return { allowed: true, why: "closed" };
  if (state === "open" && opensAt === null) return { allowed: false, why: "open until reset" };
  if (state === "open" && opensAt !== null && now < opensAt) return { allowed: false, why: "open", until: opensAt };
  return lease !== null && state === "half-open" && concernsLease(breaker, lease.until)
    ? { allowed: false, why: "probe under way", ...lease }
    : { allowed: true, why: "probe" };
}
