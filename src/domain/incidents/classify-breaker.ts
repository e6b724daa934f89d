import type { Breaker, BreakerPolicy } from "../breaker/breaker.ts";
import { isFailing } from "../breaker/trip-rule.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../ecosystem.ts";
import type { Failure, RunResults } from "../results/run-results.ts";
import { type Classified, classify, type Rule } from "./classification.ts";

/** What of a run tells how grave an open breaker is. */
export interface RunImpact {
  /** Recipes of all ecosystems together. */
  readonly tried: number;
  readonly failed: number;
  /** Ecosystems that failed on the whole. */
  readonly failing: number;
  /** Why it failed, as far as the breaker is charged with it. */
  readonly failures: readonly Failure[];
}

export const NO_IMPACT: RunImpact = { tried: 0, failed: 0, failing: 0, failures: [] };

/** Sums up a run. */
export function impactOf({ ecosystems }: RunResults, failures: readonly Failure[], policy: BreakerPolicy): RunImpact {
  const results = [...ecosystems.values()];
  return {
    tried: results.reduce((sum, { ok, failed }) => sum + ok + failed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    failing: results.filter((result) => isFailing(result, policy)).length,
    failures,
  };
}

// A few recipes fail validation in any batch; so many at once, and hardly for another reason, are a pattern.
const MANY_VALIDATIONS = 5;

/** Whether recipes fail validation in a way in which they usually do not (runbook section 5, decision tree). */
function isUnusualValidation(failures: readonly Failure[]): boolean {
  const failed = failures.filter(({ category }) => category === "validation");
  const packages = new Set(failed.flatMap((failure) => failure.package ?? []));
  return packages.size >= MANY_VALIDATIONS && failed.length > failures.length / 2;
}

/** How grave an open breaker is: the gravest of the rows that apply to it. */
export function classifyBreaker(
  ecosystem: Ecosystem,
  { trips }: Breaker,
  { tried, failed, failing, failures }: RunImpact,
  { escalateAfter }: BreakerPolicy,
): Classified {
  const rules: Rule[] = [];
  if (trips >= escalateAfter) rules.push("no-recovery");
  if (failing > 1 && failed > tried / 2) rules.push("most-recipes-fail");
  if (isUnusualValidation(failures)) rules.push("unusual-validation");
  return classify([ecosystem === INFRASTRUCTURE ? "several-ecosystems" : "one-ecosystem", ...rules]);
}
