import { fc } from "@fast-check/vitest";
import { type BreakerPolicy, type Outcome, REMEMBERED_OUTCOMES } from "../../../src/domain/breaker/breaker.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/domain/instant.ts";
import { NOON } from "./example.ts";

/** Durations in whole seconds, as far as the file can tell. */
export const arbitraryPolicy: fc.Arbitrary<BreakerPolicy> = fc.record({
  consecutive: fc.integer({ min: 1, max: 8 }),
  window: fc.integer({ min: 1, max: 12 }),
  minCalls: fc.integer({ min: 1, max: 8 }),
  failureRate: fc.double({ min: 0, max: 1, noNaN: true }),
  recovery: fc.integer({ min: MINUTE / SECOND, max: DAY / SECOND }).map((seconds) => seconds * SECOND),
  backoff: fc.double({ min: 1, max: 10, noNaN: true }),
  maxRecovery: fc.integer({ min: MINUTE / SECOND, max: (7 * DAY) / SECOND }).map((seconds) => seconds * SECOND),
  probes: fc.integer({ min: 1, max: 3 }),
  escalateAfter: fc.constant(3),
});

/** Runs of one ecosystem or several, and how they arrive. */
export interface History {
  /** What the runs did, in the order in which they ended: to each ecosystem that they worked on. */
  readonly runs: readonly (readonly Outcome[])[];
  /** The same runs in the order in which they are heard of: none after more than the remembered number of later ones. */
  readonly arrivals: readonly (readonly Outcome[])[];
}

const parts = fc.record({ ok: fc.nat({ max: 25 }), failed: fc.nat({ max: 25 }), took: fc.nat({ max: 8 * 3600 }) });

const arbitraryRun = fc.record({
  /** Seconds after the run before it ended. Often none: runs overlap. */
  after: fc.oneof(fc.constant(0), fc.nat({ max: 600 }), fc.nat({ max: (8 * HOUR) / SECOND })),
  /** How many runs ago the one ended of which this is another attempt; 0 when it is a new run. */
  again: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: REMEMBERED_OUTCOMES })),
  outcomes: fc.array(parts, { minLength: 1, maxLength: 3 }),
  /** How late it arrives, from 0 (at its time) to 1 (as late as it may). */
  delay: fc.oneof(fc.constantFrom(0, 0, 0, 0.999), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
});

/**
 * Overlapping runs and reruns, and an order of arrival. The later one may hear of a run, the sooner its rerun has to come:
 * together they have to fit into what is remembered.
 */
export const arbitraryHistory: fc.Arbitrary<History> = fc
  .tuple(
    fc.oneof(fc.constant(REMEMBERED_OUTCOMES), fc.nat({ max: REMEMBERED_OUTCOMES })),
    fc.array(arbitraryRun, { maxLength: 30 }),
  )
  .map(([lateness, plan]) => {
    const runs: Outcome[][] = [];
    const numbers: number[] = [];
    const attempts = new Map<number, number>();
    let at = NOON;
    for (const [index, { after, again, outcomes }] of plan.entries()) {
      const known = again <= REMEMBERED_OUTCOMES - lateness ? numbers[index - again] : undefined;
      const number = known ?? index + 1;
      const attempt = (attempts.get(number) ?? 0) + 1;
      numbers.push(number);
      attempts.set(number, attempt);
      // A rerun ends later than its run; and among those of one second the order is that of the numbers.
      at += (known === undefined ? after : after + 1) * SECOND;
      const run = `${number}.${attempt}`;
      runs.push(outcomes.map(({ ok, failed, took }) => ({ run, startedAt: at - took * SECOND, at, ok, failed })));
    }
    const late = plan.map(({ delay }, index) => index + delay * (lateness + 1));
    const arrivals = runs.map((run, index) => ({ run, place: late[index] ?? index })).sort((a, b) => a.place - b.place);
    return { runs, arrivals: arrivals.map(({ run }) => run) };
  });
