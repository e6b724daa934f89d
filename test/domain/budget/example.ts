import { budgetPolicy } from "../../../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../../../src/config/schema.ts";
import { type Budget, type BudgetPolicy, UNUSED } from "../../../src/domain/budget/budget.ts";
import { countMinutes } from "../../../src/domain/budget/count-minutes.ts";
import type { MeteredJob, RunJobs } from "../../../src/domain/budget/job-minutes.ts";
import type { MeteredSystem } from "../../../src/domain/budget/runner-system.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile } from "../../../src/domain/control/control-file.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";
import { DAY, HOUR, type Instant, MINUTE } from "../../../src/domain/instant.ts";

/** The defaults of the configuration: 1000 macOS and 5000 Linux minutes, weeks of UTC that begin on Mondays. */
export const POLICY: BudgetPolicy = budgetPolicy(DEFAULT_CONFIGURATION);

/** The first moment of the week of the examples, 2026-W05. */
export const MONDAY: Instant = Date.UTC(2026, 0, 26);

/** A moment of that week: `at(3, 14)` is Thursday, 14:00. */
export function at(day: number, hour: number): Instant {
  return MONDAY + day * DAY + hour * HOUR;
}

const LABELS: Readonly<Record<MeteredSystem, readonly string[]>> = { macos: ["macos-14"], linux: ["ubuntu-latest"] };

/** A job that ends at a moment and takes some minutes. */
export function job(
  id: number,
  {
    endedAt = at(0, 12),
    minutes = 10,
    system = "macos",
    ecosystem = "homebrew",
    ...details
  }: Partial<MeteredJob> & {
    readonly endedAt?: Instant;
    readonly minutes?: number;
    readonly system?: MeteredSystem;
    readonly ecosystem?: string | null;
  } = {},
): MeteredJob {
  return {
    id,
    name: ecosystem === null ? "validate" : `generate (${ecosystem}, ${system})`,
    conclusion: "success",
    startedAt: endedAt - minutes * MINUTE,
    completedAt: endedAt,
    ran: true,
    runnerLost: false,
    labels: LABELS[system],
    runnerGroup: "GitHub Actions",
    ...details,
  };
}

/** An attempt with these jobs, which began before all of them. */
export function runOf(...jobs: readonly MeteredJob[]): RunJobs {
  const startedAt = Math.min(...jobs.map((one) => one.startedAt ?? 0));
  const completedAt = Math.max(...jobs.map((one) => one.completedAt ?? 0));
  return { run: { id: 17352, attempt: 1, startedAt, completedAt }, jobs };
}

export const EMPTY: Control = newControlFile().control;

/** What counting these jobs, each in a run and an event of its own, leaves. */
export function countEach(jobs: readonly MeteredJob[], start = EMPTY, policy = POLICY): Control {
  return jobs.reduce((control, one) => countMinutes(control, [runOf(one)], policy).control, start);
}

export function budgetOf({ budget }: Control): Budget {
  if (budget.kind === "unreadable") throw new Error(budget.problem);
  return budget.budget;
}

/** A file whose week has used so much. */
export function used(minutes: Partial<Budget["used"]>, more: Partial<Budget> = {}): Control {
  const budget = { ...UNUSED, weekStart: "2026-01-26", used: { macos: 0, linux: 0, ...minutes }, ...more };
  return { ...EMPTY, budget: { kind: "readable", budget } };
}

export function hold(scope: string, kind: Hold["kind"]): Hold {
  const at = MONDAY;
  const words = { reason: "why", by: "olga", until: null, incidentUrl: "", source: "" };
  return { id: "h-3f2a91", scope: scope as Hold["scope"], kind, at, ...words };
}
