import type { PastVersion } from "../control/past-version.ts";
import type { Instant } from "../instant.ts";
import type { BreakerState } from "./breaker.ts";

/** A stretch of time in which a breaker said the same. */
export interface Span {
  readonly state: BreakerState;
  readonly from: Instant;
  readonly until: Instant;
}

/** The part of time that is looked at. */
export interface Period {
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * What each breaker said over a period, oldest first, told from the versions of the control file. A version counts until
 * the next one; before the oldest nothing is known, and before a breaker's first entry there is none.
 *
 * @param versions newest first
 */
export function breakerTimelines(
  versions: readonly PastVersion[],
  { from, until }: Period,
): ReadonlyMap<string, readonly Span[]> {
  const timelines = new Map<string, Span[]>();
  let end = until;
  for (const { at, breakers } of versions) {
    // Clocks of committers differ: a version never ends before it begins.
    const begin = Math.max(from, Math.min(at, end));
    if (begin < end) {
      for (const [name, state] of breakers) {
        prepend(
          timelines.getOrInsertComputed(name, () => []),
          { state, from: begin, until: end },
        );
      }
    }
    end = begin;
    if (at <= from) break;
  }
  for (const spans of timelines.values()) spans.reverse();
  return timelines;
}

/** Spans are gathered newest first; what touches and says the same is one. */
function prepend(spans: Span[], earlier: Span): void {
  const next = spans.at(-1);
  if (next?.state === earlier.state && next.from === earlier.until) {
    spans[spans.length - 1] = { ...next, from: earlier.from };
  } else spans.push(earlier);
}
