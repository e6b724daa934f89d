import { type Duration, type Instant, MINUTE } from "../../domain/instant.ts";
import type { Delivery } from "../../inbox/inbox.ts";
import type { Services } from "../services.ts";

/** What was found in a repository and did not come by webhook, and what to do once it is in the inbox. */
export interface Found {
  readonly deliveries: readonly Delivery[];
  keep(): void;
}

export const NOTHING_FOUND: Found = { deliveries: [], keep: () => {} };

const SETTLING: Duration = MINUTE;

/** Whatever is younger may be on its way to us, or in hand: it is left to the next look. */
export function settlingTime(reconcileInterval: Duration): Duration {
  return Math.min(SETTLING, reconcileInterval);
}

/**
 * Of what was found, what is old enough to have been heard of; the rest is left to the next look. As long as there is such,
 * the answer that named it is not kept: it is asked for anew although nothing will be new by then.
 *
 * @param news the answer in which it was found
 * @param at when each happened
 */
export function settledOf<T>(
  found: readonly T[],
  news: Pick<Found, "keep">,
  at: (each: T) => Instant,
  { now, reconcileInterval }: Pick<Services, "now" | "reconcileInterval">,
): { readonly settled: readonly T[]; readonly keep: Found["keep"] } {
  const latest = now() - settlingTime(reconcileInterval);
  const settled = found.filter((each) => at(each) <= latest);
  return { settled, keep: settled.length === found.length ? news.keep : () => {} };
}
