import type { Breaker, BreakerPolicy } from "../breaker/breaker.ts";
import { isFailing } from "../breaker/trip-rule.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { namesText } from "./group.ts";

/** What to say when the breaker closed: one good run is no proof yet. */
export function breakerRecovers(ecosystem: Ecosystem, run: string, others: readonly Ecosystem[]): string {
  const also =
    others.length === 0 ? "" : `, once ${namesText(others)} ${others.length === 1 ? "has" : "have"} recovered too`;
  return `**${ecosystem}** recovers: run ${run} succeeded and the circuit breaker closed. The next good run closes this incident${also}.`;
}

/** What to say when a closed breaker has proved itself. */
export function breakerRecovered(ecosystem: Ecosystem, { window }: Breaker): string {
  const runs = window.slice(-GOOD_RUNS).map(({ run }) => run);
  return `**${ecosystem}** recovered: the circuit breaker is closed, and the last ${GOOD_RUNS} runs, ${namesText(runs)}, were good.`;
}

/** So many good runs in a row are the evidence on which the incident of a closed breaker is closed. */
const GOOD_RUNS = 2;

/** Whether a breaker has proved that it is well: closed, and its latest runs good. */
export function isProvenWell({ state, failures, window }: Breaker, policy: BreakerPolicy): boolean {
  const latest = window.slice(-GOOD_RUNS);
  return (
    state === "closed" &&
    failures === 0 &&
    latest.length === GOOD_RUNS &&
    latest.every((run) => !isFailing(run, policy))
  );
}
