import type { BreakerPolicy } from "../domain/breaker/breaker.ts";
import type { BudgetPolicy } from "../domain/budget/budget.ts";
import { type Aliases, parseEcosystem } from "../domain/ecosystem.ts";
import type { ClockPolicy } from "../domain/incidents/clock.ts";
import type { JobNaming } from "../domain/job-name.ts";
import type { ObjectiveOf } from "../domain/objective/objective.ts";
import type { Configuration } from "./schema.ts";
import { WEEKDAYS } from "./setting-kinds.ts";

/** The breaker rules of a configuration, in the domain's words. */
export function breakerPolicy({ breaker }: Configuration): BreakerPolicy {
  return {
    consecutive: breaker.consecutive,
    window: breaker.window,
    minCalls: breaker.min_calls,
    failureRate: breaker.failure_rate,
    recovery: breaker.recovery,
    backoff: breaker.backoff,
    maxRecovery: breaker.max_recovery,
    probes: breaker.probes,
    escalateAfter: breaker.escalate_after,
  };
}

/** The budget rules of a configuration, in the domain's words. */
export function budgetPolicy(configuration: Configuration): BudgetPolicy {
  const { budget, ecosystems } = configuration;
  const aliases = aliasesOf(configuration);
  const canonical = (names: readonly string[]) => names.flatMap((name) => parseEcosystem(name, aliases) ?? []);
  const critical = Object.entries(ecosystems).flatMap(([name, { critical }]) => (critical ? [name] : []));
  return {
    limits: { macos: budget.macos_minutes, linux: budget.linux_minutes },
    samplingAt: budget.sampling_at,
    stopAt: budget.stop_at,
    week: { firstDay: WEEKDAYS.indexOf(budget.week_starts) + 1, timeZone: budget.timezone },
    configured: canonical(Object.keys(ecosystems)),
    critical: new Set(canonical(critical)),
    nonCritical: new Set(canonical(budget.non_critical)),
    aliases,
    prices: budget.prices,
    runnerLabels: new Map(Object.entries(budget.runners).map(([label, system]) => [label.toLowerCase(), system])),
    naming: jobNaming(configuration),
  };
}

/** Success rates that a recipe pipeline reaches: formulae of Homebrew are built for many systems, casks are copied. */
const USUAL_OBJECTIVES: ReadonlyMap<string, number> = new Map([
  ["homebrew", 0.85],
  ["cask", 0.95],
]);
const USUAL_OBJECTIVE = 0.98;

/** The success rate objectives of a configuration. */
export function objectiveOf({ ecosystems }: Configuration): ObjectiveOf {
  const said = new Map(Object.entries(ecosystems).map(([name, { slo }]) => [name, slo]));
  return (ecosystem) => said.get(ecosystem) ?? USUAL_OBJECTIVES.get(ecosystem) ?? USUAL_OBJECTIVE;
}

/** The response times of a configuration, and whom an escalation mentions. */
export function clockPolicy({ incidents }: Configuration): ClockPolicy {
  const { clocks, acknowledgement_lasts, mention } = incidents;
  return {
    responses: { ...clocks, low: null },
    acknowledgementLasts: acknowledgement_lasts,
    mention: mention.map((name) => (name.startsWith("@") ? name : `@${name}`)),
  };
}

/** How job names tell the ecosystem; null when no source of outcomes says so. */
export function jobNaming(configuration: Configuration): JobNaming | null {
  const source = configuration.outcomes.find(({ from }) => from === "jobs");
  return source?.from === "jobs" ? { pattern: source.pattern, aliases: aliasesOf(configuration) } : null;
}

/** The alias table of a configuration; names are compared in lower case. */
export function aliasesOf({ aliases }: Configuration): Aliases {
  return new Map(Object.entries(aliases).map(([other, name]) => [other.toLowerCase(), name]));
}

/** Where a configuration has its batches: the folder of the recipes without its last slash, and how their branches begin. */
export function batchPlace({ recipes, gate }: Configuration): { readonly recipes: string; readonly branches: string } {
  return { recipes: recipes.replace(/\/+$/, ""), branches: gate.pull_requests.split("*", 1)[0] ?? "" };
}
