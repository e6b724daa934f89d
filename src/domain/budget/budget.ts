import type { Aliases, Ecosystem } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import type { EcosystemMinutes } from "./ecosystem-minutes.ts";
import { type HourOfUse, type MeteredMinutes, NO_MINUTES } from "./hour-of-use.ts";
import type { JobLedger } from "./job-ledger.ts";
import type { Metering } from "./job-minutes.ts";
import type { MeteredSystem, RunnerSystem, UnmeteredSystem } from "./runner-system.ts";
import type { WeekRule } from "./week.ts";

/** How far a budget is used up, and what follows from it (runbook section 4). */
export const BUDGET_LEVELS = ["none", "sampling", "stop", "exhausted"] as const;
export type BudgetLevel = (typeof BUDGET_LEVELS)[number];

/** The levels that have a threshold, lowest first. */
export const THRESHOLD_LEVELS = ["sampling", "stop", "exhausted"] as const;
export type ThresholdLevel = (typeof THRESHOLD_LEVELS)[number];

/** The levels that a budget has reached and not left again, each with the hour in which it did. */
export type Reached = Readonly<Partial<Record<ThresholdLevel, Instant>>>;

/** The CI minutes of one week. The first three fields are what upstream's file has. */
export interface Budget {
  readonly used: MeteredMinutes;
  /** As the file says it: a date, `2026-01-26`; "" before the first week. */
  readonly weekStart: string;
  readonly sampling: boolean;
  /** Jobs that ended before this do not count, when somebody reset the week in its middle; null otherwise. */
  readonly since: Instant | null;
  /** Minutes of the jobs that name an ecosystem. One without minutes has been seen by a threshold that holds it. */
  readonly ecosystems: EcosystemMinutes;
  readonly unmetered: Readonly<Record<UnmeteredSystem, number>>;
  /** macOS jobs that look as if they had nothing to test. */
  readonly idle: { readonly jobs: number; readonly minutes: number };
  readonly hours: readonly HourOfUse[];
  readonly reached: Readonly<Record<MeteredSystem, Reached>>;
  readonly jobs: JobLedger;
  /** What people were told, this week and the three before: see `alert.ts`. Sorted. */
  readonly alerts: readonly string[];
}

/** The budget as the file has it. What cannot be understood is kept as it is and nothing is counted on it. */
export type BudgetReading =
  | { readonly kind: "readable"; readonly budget: Budget }
  /** `problem` may repeat words of the file: quote it before showing it. */
  | { readonly kind: "unreadable"; readonly problem: string };

/** The budget rules: `budget:` in the configuration, and what else of it they need. */
export interface BudgetPolicy extends Metering {
  /** Minutes a week. */
  readonly limits: MeteredMinutes;
  /** Percent of a limit. */
  readonly samplingAt: number;
  readonly stopAt: number;
  readonly week: WeekRule;
  /** Names that commands and rules know from the start. */
  readonly configured: readonly Ecosystem[];
  readonly critical: ReadonlySet<string>;
  /** What stops first; empty for all that is not critical. */
  readonly nonCritical: ReadonlySet<string>;
  readonly aliases: Aliases;
  /** Dollars a minute; `unknown` has no price. */
  readonly prices: Readonly<Record<Exclude<RunnerSystem, "unknown">, number>>;
}

/** A budget of which nothing is used. */
export const UNUSED: Budget = {
  used: NO_MINUTES,
  weekStart: "",
  sampling: false,
  since: null,
  ecosystems: new Map(),
  unmetered: { windows: 0, "self-hosted": 0, unknown: 0 },
  idle: { jobs: 0, minutes: 0 },
  hours: [],
  reached: { macos: {}, linux: {} },
  jobs: [],
  alerts: [],
};
