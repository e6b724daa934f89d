import { type Duration, type Instant, SECOND } from "../../domain/instant.ts";

/** When a repository's file was last written on nobody's behalf, and how long it is left alone after that. */
export interface Rhythm {
  readonly decidedAt: Instant;
  readonly gap: Duration;
}

/** The shortest and the longest time between two such decisions. */
export interface Tempo {
  readonly shortest: Duration;
  readonly longest: Duration;
}

// GitHub allows some 80 writes a minute in all. The first event is acted on at once; a burst is written down every two
// seconds, and a flood, in which every gap fills again, at last twice a minute.
export const TEMPO: Tempo = { shortest: 2 * SECOND, longest: 30 * SECOND };

/** From when on the next decision may be made. */
export function nextDecision(rhythm: Rhythm | undefined): Instant {
  return rhythm === undefined ? 0 : rhythm.decidedAt + rhythm.gap;
}

/** The rhythm after one more decision: the gap doubles while they follow each other without a pause. */
export function afterDecision(rhythm: Rhythm | undefined, now: Instant, { shortest, longest }: Tempo): Rhythm {
  const isBusy = rhythm !== undefined && now - rhythm.decidedAt <= 2 * rhythm.gap;
  return { decidedAt: now, gap: isBusy ? Math.min(longest, 2 * rhythm.gap) : shortest };
}
