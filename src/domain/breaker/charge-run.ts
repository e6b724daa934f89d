import { type Week, type WeekRule, weekOf } from "../budget/week.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import { isInfrastructure } from "../results/category.ts";
import { type EcosystemResult, type Failure, lostParts, type RunResults } from "../results/run-results.ts";
import type { BreakerPolicy, Outcome, Parts } from "./breaker.ts";
import { isFailing, sumParts } from "./trip-rule.ts";

/** Whose breakers learn what of one run attempt. */
export interface RunCharges {
  /** `<run id>.<attempt>`. */
  readonly run: string;
  /** When the attempt ended. */
  readonly at: Instant;
  /** The outcome of each ecosystem, and that of `INFRASTRUCTURE`. All have the same `run` and `at`. */
  readonly outcomes: ReadonlyMap<Ecosystem, Outcome>;
  /** Ecosystems that failed with so many others that the infrastructure is charged in their place. */
  readonly spared: readonly Ecosystem[];
  /** What was tried for each ecosystem, whoever is charged, and the week in which that ended. */
  readonly tried: ReadonlyMap<Ecosystem, Parts>;
  readonly week: Week;
}

/** An attempt that ended, and what it did. */
export interface RunEvidence {
  readonly run: string;
  readonly startedAt: Instant;
  readonly at: Instant;
  readonly results: RunResults;
}

/** When so many ecosystems fail in one run, and at least this share of them, they have a cause in common. */
const CORRELATED_ECOSYSTEMS = 3;
const CORRELATED_SHARE = 0.5;

/**
 * Decides whom a run is charged to (runbook section 1: one ecosystem affected, or all). What was lost to the network or to a
 * runner is no ecosystem's. When at least half of the ecosystems and three of them fail in the same run, they are not
 * charged at all, and the infrastructure is, once. It is told from the run alone, so that it makes no difference when and
 * in which order runs are heard of.
 */
export function chargeRun(
  { run, startedAt, at, results }: RunEvidence,
  policy: BreakerPolicy,
  weeks: WeekRule,
): RunCharges {
  const tried = new Map<Ecosystem, Parts>();
  const charged = new Map<Ecosystem, Outcome>();
  for (const [ecosystem, result] of results.ecosystems) {
    const { ok, failed } = result;
    const parts = ownParts(result);
    if (ok + failed > 0) tried.set(ecosystem, { ok, failed });
    if (parts.ok + parts.failed > 0) charged.set(ecosystem, { run, startedAt: result.startedAt, at, ...parts });
  }
  const failing = [...charged].flatMap(([ecosystem, outcome]) => (isFailing(outcome, policy) ? [ecosystem] : []));
  const isCorrelated = failing.length >= CORRELATED_ECOSYSTEMS && failing.length >= CORRELATED_SHARE * tried.size;
  const spared = isCorrelated ? failing : [];
  const shared = sharedParts(results, charged, spared);
  const outcomes = new Map([...charged].filter(([ecosystem]) => !spared.includes(ecosystem)));
  if (shared.ok + shared.failed > 0) outcomes.set(INFRASTRUCTURE, { run, startedAt, at, ...shared });
  return { run, at, outcomes, spared, tried, week: weekOf(at, weeks) };
}

/** The parts that an ecosystem answers for: what was lost on the way is not tried at all. */
function ownParts(result: EcosystemResult): Parts {
  return { ok: result.ok, failed: result.failed - lostParts(result) };
}

/** What a run says of the infrastructure: all of its parts show that it carries them, but for those that were lost to it. */
function sharedParts(
  { ecosystems, lost }: RunResults,
  charged: ReadonlyMap<Ecosystem, Outcome>,
  spared: readonly Ecosystem[],
): Parts {
  const failed = lost + [...ecosystems.values()].reduce((sum, result) => sum + lostParts(result), 0);
  const { ok, failed: own } = sumParts([...charged.values()]);
  if (spared.length === 0) return { ok: ok + own, failed };
  // That a few recipes went well proves nothing when most ecosystems fail together.
  return { ok: 0, failed: failed + sumParts(spared.flatMap((name) => charged.get(name) ?? [])).failed };
}

/** Why a run failed, as far as one breaker is charged with it; what the infrastructure is charged with names its ecosystem. */
export function chargedFailures(
  { ecosystems }: RunResults,
  spared: readonly Ecosystem[],
  charged: Ecosystem,
): readonly Failure[] {
  if (charged !== INFRASTRUCTURE) {
    return (ecosystems.get(charged)?.failures ?? []).filter(({ category }) => !isInfrastructure(category));
  }
  return [...ecosystems].flatMap(([ecosystem, { failures }]) =>
    failures
      .filter(({ category }) => spared.includes(ecosystem) || isInfrastructure(category))
      .map((failure) => ({
        ...failure,
        package: failure.package === null ? null : `${ecosystem}:${failure.package}`,
      })),
  );
}
