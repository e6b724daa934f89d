import { type Duration, wholeSeconds } from "../instant.ts";
import type { BreakerPolicy } from "./breaker.ts";

/**
 * How long a breaker stays open after its `trips`-th opening in a row (1 is the first): `recovery` times `backoff` for
 * every earlier one, at most `maxRecovery`. The power of many trips is Infinity and ends at the bound; the integers of
 * upstream's retry queue wrapped around there, to a date in the year 1734. In whole seconds, as the file
 * keeps its dates.
 */
export function recoveryTime(trips: number, { recovery, backoff, maxRecovery }: BreakerPolicy): Duration {
  return wholeSeconds(Math.min(recovery * backoff ** (trips - 1), maxRecovery));
}
