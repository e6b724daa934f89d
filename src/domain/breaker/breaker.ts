import { type Duration, HOUR, type Instant } from "../instant.ts";

export type BreakerState = "closed" | "open" | "half-open";

/** How many parts of a run, recipes or jobs, succeeded and failed. */
export interface Parts {
  readonly ok: number;
  readonly failed: number;
}

/** What one run attempt did to one ecosystem, and when it ran. */
export interface Outcome extends Parts {
  /** `<run id>.<attempt>`: the identity of the evidence. */
  readonly run: string;
  /** When the attempt began to work on the ecosystem: only what began after the breaker was due can answer a probe. */
  readonly startedAt: Instant;
  /** When the attempt ended, by GitHub's clock: decisions use this, never the time of arrival. */
  readonly at: Instant;
}

/** What a breaker says. The first four fields are what upstream's scripts read and write. */
export interface Standing {
  readonly state: BreakerState;
  /** Consecutive failing outcomes, never capped (runbook section 1 shows it). */
  readonly failures: number;
  readonly lastFailure: Instant | null;
  /** When an open breaker may be probed, and in half-open since when. Null while open: only a person resets it. */
  readonly opensAt: Instant | null;
  /** How often it has opened without a calm spell of `policy.maxRecovery` since: the exponent of the backoff. */
  readonly trips: number;
  /** Null unless half-open. */
  readonly probe: Probe | null;
}

/** The breaker of one ecosystem: what it says, and what that follows from. */
export interface Breaker extends Standing {
  /** The latest outcomes, oldest first, one for each run, at most `REMEMBERED_OUTCOMES` of them. */
  readonly window: readonly Outcome[];
  /** The run that is the test at present, or was until its time was up. It decides who may start, and no outcome. */
  readonly lease: Lease | null;
  /** Where those of them begin that can still be reordered. Null: what the breaker says follows from nothing known here. */
  readonly checkpoint: Checkpoint | null;
}

/** What a breaker said, and what the rules need to know, at one moment of its history. */
export interface Checkpoint extends Standing {
  /** While closed, the parts of the outcomes over which the failure rate is taken: at most `policy.window` of them. */
  readonly rated: readonly Parts[];
  /** Whether the pipeline's own script counted the last failure, and the outcome that explains it is not known yet. */
  readonly pipelineFailure: boolean;
  /** The latest outcome that it takes into account. What comes before it in time is settled. Null: nothing is. */
  readonly until: Moment | null;
}

/** A place in the order of outcomes: that of a run's, or behind all that ended until then. */
export interface Moment {
  readonly at: Instant;
  readonly run: string | null;
}

/**
 * How many outcomes of an ecosystem can arrive in any order. Upstream's busiest day had 75 runs, its median day 13: a few
 * hours of lateness. Each takes about 60 bytes, in up to 50 ecosystems, of a file that is meant to stay under 64 KB.
 */
export const REMEMBERED_OUTCOMES = 6;

/** How far the test of a half-open breaker has come. */
interface Probe {
  readonly successes: number;
}

/** One run at a time may be the test, from its start on and for `PROBE_LEASE`. */
export interface Lease {
  readonly run: string;
  readonly until: Instant;
}

/** How long a probe may take to report: the longest that a job may run (GitHub documentation: "Actions limits"). */
export const PROBE_LEASE: Duration = 6 * HOUR;

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
  trips: 0,
  probe: null,
  window: [],
  lease: null,
  checkpoint: null,
};
