import { DAY, type Duration, type Instant, MINUTE, SECOND } from "../../domain/instant.ts";
import type { Failure } from "../../github/failure.ts";

/** What becomes of a delivery whose handling failed. */
export type Verdict =
  /** Again at a time; others do not wait for it. */
  | { readonly kind: "retry"; readonly at: Instant }
  /** GitHub asks for a rest until a time: no attempt is lost by it. */
  | { readonly kind: "pause"; readonly until: Instant }
  /** At a time, alone: others may have room before it. No attempt is lost by it either. */
  | { readonly kind: "put-off"; readonly until: Instant }
  /** It can never succeed, and nobody misses it. */
  | { readonly kind: "drop" }
  /** Given up, and kept for people to look at. */
  | { readonly kind: "bury" };

/** How long failed deliveries wait. */
export interface Backoff {
  readonly first: Duration;
  readonly longest: Duration;
}

export const BACKOFF: Backoff = { first: 2 * SECOND, longest: 10 * MINUTE };

/** What fails for its own sake fails again: five times are enough to tell. */
const MOST_ATTEMPTS = 5;
/** As long as GitHub delivers again what was not answered, we try again what GitHub did not answer. */
const LONGEST_OUTAGE = 3 * DAY;

/**
 * Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), so that what failed together does not come back
 * together.
 *
 * @param random from 0 to 1
 */
export function verdictOn(
  { attempts, acceptedAt }: { readonly attempts: number; readonly acceptedAt: Instant },
  failure: Failure,
  { now, random, backoff }: { readonly now: Instant; readonly random: number; readonly backoff: Backoff },
): Verdict {
  const wait = random * Math.min(backoff.longest, backoff.first * 2 ** attempts);
  const retry: Verdict = { kind: "retry", at: now + Math.ceil(wait) };
  switch (failure.kind) {
    case "limited":
      return { kind: "pause", until: failure.until };
    case "spent":
      return { kind: "put-off", until: failure.until };
    case "unavailable":
      return now - acceptedAt < LONGEST_OUTAGE ? retry : { kind: "bury" };
    case "gone":
      return { kind: "drop" };
    case "malformed":
      return { kind: "bury" };
    case "broken":
      return attempts + 1 < MOST_ATTEMPTS ? retry : { kind: "bury" };
  }
}
