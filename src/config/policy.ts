import type { BreakerPolicy } from "../domain/breaker/breaker.ts";
import type { Aliases } from "../domain/ecosystem.ts";
import type { Configuration } from "./schema.ts";

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

/** The alias table of a configuration; names are compared in lower case. */
export function aliasesOf({ aliases }: Configuration): Aliases {
  return new Map(Object.entries(aliases).map(([other, name]) => [other.toLowerCase(), name]));
}

/** Where a configuration has its batches: the folder of the recipes without its last slash, and how their branches begin. */
export function batchPlace({ recipes, gate }: Configuration): { readonly recipes: string; readonly branches: string } {
  return { recipes: recipes.replace(/\/+$/, ""), branches: gate.pull_requests.split("*", 1)[0] ?? "" };
}
