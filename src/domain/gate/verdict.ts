import { mayRun } from "../breaker/admission.ts";
import type { Breaker, BreakerPolicy } from "../breaker/breaker.ts";
import type { Control } from "../control/control.ts";
import { type Aliases, type Ecosystem, parseReportedEcosystem } from "../ecosystem.ts";
import type { Hold } from "../holds/hold.ts";
import type { Instant } from "../instant.ts";
import type { Touched } from "./touched.ts";

/** Something that keeps a batch from merging. */
export type Blocker =
  | { readonly kind: "hold"; readonly hold: Hold }
  | { readonly kind: "breaker"; readonly ecosystem: Ecosystem; readonly breaker: Breaker };

/** Whether a pull request may merge, as far as stops and breakers are concerned, and why. */
export type Verdict =
  | { readonly kind: "failing"; readonly blockers: readonly Blocker[]; readonly touched: Touched | null }
  | { readonly kind: "passing"; readonly touched: Touched | null }
  /** It is none of the gate's business. A check that never reports would block it for good where it is required. */
  | { readonly kind: "exempt"; readonly why: "no batch" | "rollback" | "acceptance" | "control" };

/** What stops batches at a moment, and how its names are spelled. */
export interface Stops {
  readonly control: Pick<Control, "holds" | "breakers">;
  readonly policy: BreakerPolicy;
  readonly aliases: Aliases;
  readonly now: Instant;
}

/**
 * What the gate of a batch says. Holds cover what they name; an open breaker covers its ecosystem until it is due, because
 * from then on a batch is how it is probed. A batch that nobody can tell the ecosystems of is covered by a stop of
 * everything alone.
 *
 * @param touched null where it makes no difference (`dependsOnEcosystems`)
 */
export function gateVerdict(touched: Touched | null, stops: Stops): Verdict {
  const blockers: readonly Blocker[] = [
    ...holdsOn(touched, stops.control).map((hold) => ({ kind: "hold" as const, hold })),
    ...openBreakers(stops).filter(({ ecosystem }) => touched?.has(ecosystem)),
  ];
  return blockers.length > 0 ? { kind: "failing", blockers, touched } : { kind: "passing", touched };
}

/** The holds that cover a batch. */
export function holdsOn(touched: Touched | null, { holds }: Pick<Control, "holds">): readonly Hold[] {
  return holds.filter(({ scope }) => scope === "*" || touched?.has(scope));
}

/** Whether it matters which ecosystems a batch touches: not while everything is stopped, and not while nothing is. */
export function dependsOnEcosystems(stops: Stops): boolean {
  const { holds } = stops.control;
  return !holds.some(({ scope }) => scope === "*") && (holds.length > 0 || openBreakers(stops).length > 0);
}

/** What verdicts depend on beside the batches themselves, as a text that changes when one of them may. */
export function coverOf(stops: Stops): string {
  const holds = stops.control.holds.map(({ id, scope, kind, by, at, until, reason }) => [
    id,
    scope,
    kind,
    by,
    at,
    until,
    reason,
  ]);
  const breakers = openBreakers(stops).map(({ ecosystem, breaker }) => [
    ecosystem,
    breaker.opensAt,
    breaker.lastFailure,
  ]);
  return JSON.stringify([holds, breakers]);
}

function openBreakers({ control, policy, aliases, now }: Stops): readonly Extract<Blocker, { kind: "breaker" }>[] {
  return [...control.breakers].flatMap(([name, breaker]) => {
    const ecosystem = parseReportedEcosystem(name, aliases);
    const admission = mayRun(breaker, policy, now);
    const isOpen = !admission.allowed && admission.why !== "probe under way";
    return ecosystem !== null && isOpen ? [{ kind: "breaker" as const, ecosystem, breaker }] : [];
  });
}
