import type { Instant } from "../instant.ts";

export type BreakerState = "closed" | "open" | "half-open";

/** What one run attempt did to one ecosystem: how many of its parts succeeded and failed, and when it ran. */
export interface Outcome {
  /** `<run id>.<attempt>`: the identity of the evidence. */
  readonly run: string;
  /** When the attempt began to work on the ecosystem: only what began after the breaker was due can answer a probe. */
  readonly startedAt: Instant;
  /** When the attempt ended, by GitHub's clock: decisions use this, never the time of arrival. */
  readonly at: Instant;
  readonly ok: number;
  readonly failed: number;
}

/** An outcome as the control file keeps it. */
export type Sample = Omit<Outcome, "startedAt">;

/** The breaker of one ecosystem. The first four fields are what upstream's scripts read and write. */
export interface Breaker {
  readonly state: BreakerState;
  /** Consecutive failing outcomes, never capped (runbook section 1 shows it). */
  readonly failures: number;
  readonly lastFailure: Instant | null;
  /** When an open breaker may be probed, and in half-open since when. Null while open: only a person resets it. */
  readonly opensAt: Instant | null;
  /** The latest outcomes, oldest first, at most `policy.window` of them. */
  readonly window: readonly Sample[];
  /** How often it has opened without a calm spell of `policy.maxRecovery` since: the exponent of the backoff. */
  readonly trips: number;
  /** Null unless half-open. */
  readonly probe: Probe | null;
}

/** The test of a half-open breaker: one run at a time may carry it, for as long as its lease lasts. */
export interface Probe {
  readonly successes: number;
  readonly lease: { readonly run: string; readonly until: Instant } | null;
}

/** When a breaker opens and for how long; every field comes from `breaker:` in the configuration. Durations in milliseconds. */
export interface BreakerPolicy {
  /** Consecutive failing outcomes that open it. */
  readonly consecutive: number;
  /** Outcomes in the window over which the failure rate is taken. */
  readonly window: number;
  /** Fewest outcomes in the window before the rate counts; above `window` it never does. */
  readonly minCalls: number;
  /** Share of failed parts, 0 to 1, at or above which it opens; also what makes a single outcome a failing one. */
  readonly failureRate: number;
  readonly recovery: number;
  readonly backoff: number;
  readonly maxRecovery: number;
  /** Successful probes that close it. */
  readonly probes: number;
  /** Trips in a row after which the incident is raised. */
  readonly escalateAfter: number;
}

/** A breaker without a history: that of an ecosystem without an entry. */
export const CLOSED: Breaker = {
  state: "closed",
  failures: 0,
  lastFailure: null,
  opensAt: null,
  window: [],
  trips: 0,
  probe: null,
};
