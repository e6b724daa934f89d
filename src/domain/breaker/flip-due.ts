import type { Control } from "../control/control.ts";
import type { Instant } from "../instant.ts";
import type { Breaker, BreakerPolicy } from "./breaker.ts";
import { concernsLease, letPass } from "./on-time.ts";

/** What time alone has made of the breakers of a control file. */
export interface Flipped {
  /** The names of the breakers that changed, in the order of the file. */
  readonly names: readonly string[];
  /** When a timer should look again: the next moment at which a breaker is due or a lease ends; null when none will. */
  readonly next: Instant | null;
}

/**
 * Makes the file say what `mayRun` answers: an open breaker that is due becomes half-open, with its `opensAt` and a fresh
 * probe, and a probe whose lease ended without a result is open again. Nothing is decided by this, and whether it is done,
 * when and how often makes no difference to what an outcome does.
 */
export function flipDue(
  control: Control,
  policy: BreakerPolicy,
  now: Instant,
): { readonly control: Control; readonly result: Flipped } {
  const breakers = new Map(control.breakers);
  const names: string[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (const [name, breaker] of control.breakers) {
    const flipped = letPass(breaker, policy, now);
    if (flipped !== breaker) {
      breakers.set(name, flipped);
      names.push(name);
    }
    next = Math.min(next, changesAt(flipped));
  }
  const result = { names, next: Number.isFinite(next) ? next : null };
  return { control: names.length === 0 ? control : { ...control, breakers }, result };
}

/** When time will change the breaker next; Infinity when it will not. */
function changesAt(breaker: Breaker): Instant {
  const { state, opensAt, lease } = breaker;
  if (state === "open") return opensAt ?? Number.POSITIVE_INFINITY;
  return lease !== null && concernsLease(breaker, lease.until) ? lease.until : Number.POSITIVE_INFINITY;
}
