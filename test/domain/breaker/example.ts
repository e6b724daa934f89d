import { type Breaker, type BreakerPolicy, CLOSED, type Outcome } from "../../../src/domain/breaker/breaker.ts";
import type { RunCharges } from "../../../src/domain/breaker/charge-run.ts";
import { onOutcome } from "../../../src/domain/breaker/on-outcome.ts";
import type { Ecosystem } from "../../../src/domain/ecosystem.ts";
import { DAY, HOUR, type Instant, MINUTE } from "../../../src/domain/instant.ts";

/** The defaults of the configuration. */
export const POLICY: BreakerPolicy = {
  consecutive: 5,
  window: 10,
  minCalls: 4,
  failureRate: 0.5,
  recovery: HOUR,
  backoff: 2,
  maxRecovery: DAY,
  probes: 1,
  escalateAfter: 3,
};

export const NOON: Instant = Date.UTC(2026, 0, 28, 12);

/** When the run of a number ends: run 3 three hours after noon. Runs take ten minutes. */
export function end(run: number): Instant {
  return NOON + run * HOUR;
}

export function outcome(run: number, ok: number, failed: number, details: Partial<Outcome> = {}): Outcome {
  const at = details.at ?? end(run);
  return { run: `${run}.1`, startedAt: at - 10 * MINUTE, at, ok, failed, ...details };
}

export function success(run: number, details?: Partial<Outcome>): Outcome {
  return outcome(run, 1, 0, details);
}

export function failure(run: number, details?: Partial<Outcome>): Outcome {
  return outcome(run, 0, 1, details);
}

export function replay(outcomes: readonly Outcome[], policy: BreakerPolicy, start: Breaker = CLOSED): Breaker {
  return outcomes.reduce((breaker, next) => onOutcome(breaker, next, policy).breaker, start);
}

/** What a run did to each ecosystem, charged as it stands. */
export function charges(outcomes: ReadonlyMap<Ecosystem, Outcome>, nothing = { run: "0.1", at: NOON }): RunCharges {
  const [{ run, at } = nothing] = outcomes.values();
  const tried = new Map([...outcomes].map(([name, { ok, failed }]) => [name, { ok, failed }]));
  return { run, at, outcomes, spared: [], tried, week: new Date(at).toISOString().slice(0, 10) };
}

/** Opened by five failures in a row, runs 1 to 5; due at 18:00. */
export const OPEN: Breaker = replay(
  [1, 2, 3, 4, 5].map((run) => failure(run)),
  { ...POLICY, minCalls: 10 },
);
