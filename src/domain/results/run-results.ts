import type { Ecosystem } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import { type Category, isInfrastructure } from "./category.ts";

/** A finished attempt of a workflow run. */
export interface FinishedRun {
  readonly id: number;
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly completedAt: Instant;
}

/** One part of a run that failed, and why. */
export interface Failure {
  readonly category: Category;
  /** Somebody's text: the package as the pipeline names it. Null where the source does not tell. */
  readonly package: string | null;
}

/** What a run did to one ecosystem. */
export interface EcosystemResult {
  /** When the run began to work on it. */
  readonly startedAt: Instant;
  readonly ok: number;
  /** All that failed, for whatever reason. */
  readonly failed: number;
  /** Why: of as many of the failures as the source tells it. */
  readonly failures: readonly Failure[];
}

/** What a run did, and what was nobody's fault. */
export interface RunResults {
  readonly ecosystems: ReadonlyMap<Ecosystem, EcosystemResult>;
  /** Parts that belong to no ecosystem and were lost to GitHub or a runner. */
  readonly lost: number;
  /** Names that no ecosystem can have, cut to a safe length: refused, and for the log. */
  readonly illFormed: readonly string[];
}

export const NO_RESULTS: RunResults = { ecosystems: new Map(), lost: 0, illFormed: [] };

/** Parts of an ecosystem that failed for a reason which is not the ecosystem's. */
export function lostParts({ failed, failures }: EcosystemResult): number {
  return Math.min(failed, failures.filter(({ category }) => isInfrastructure(category)).length);
}
