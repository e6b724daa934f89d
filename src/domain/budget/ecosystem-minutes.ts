import type { Ecosystem } from "../ecosystem.ts";
import { type MeteredMinutes, NO_MINUTES, plus } from "./hour-of-use.ts";
import type { MeteredSystem } from "./runner-system.ts";

/** Minutes by the name of the ecosystem, in the order of the names. */
export type EcosystemMinutes = ReadonlyMap<string, MeteredMinutes>;

/**
 * More names than any pipeline has: a matrix that invents a name for every run must not fill the file. Of more, the first
 * in alphabetical order are kept, so that the order in which they came makes no difference; the totals have all minutes.
 */
const MOST_ECOSYSTEMS = 100;

/** The ecosystems that the file has room for. */
export function boundEcosystems(ecosystems: EcosystemMinutes): EcosystemMinutes {
  return new Map([...ecosystems].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MOST_ECOSYSTEMS));
}

/** Adds minutes to an ecosystem. */
export function chargeEcosystem(
  ecosystems: EcosystemMinutes,
  ecosystem: Ecosystem,
  system: MeteredSystem,
  minutes: number,
): EcosystemMinutes {
  return new Map(ecosystems).set(ecosystem, plus(ecosystems.get(ecosystem) ?? NO_MINUTES, system, minutes));
}
