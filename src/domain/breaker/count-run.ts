import type { Control } from "../control/control.ts";
import { hasSeen, markSeen } from "../control/seen.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { type BreakerPolicy, CLOSED, type Outcome } from "./breaker.ts";
import { onOutcome } from "./on-outcome.ts";
import type { Transition } from "./transition.ts";

/** What counting a run attempt did to the breaker of each ecosystem that it had an outcome for. */
export interface Counted {
  /** It had been counted before: nothing was done now, and the breakers are as they are. */
  readonly before: boolean;
  readonly transitions: ReadonlyMap<Ecosystem, Transition>;
}

/** Counts a run attempt once: every breaker learns of its outcome, and the ledger remembers the attempt. */
export function countRun(
  control: Control,
  outcomes: ReadonlyMap<Ecosystem, Outcome>,
  policy: BreakerPolicy,
): { readonly control: Control; readonly result: Counted } {
  const [evidence] = outcomes.values();
  const before = evidence !== undefined && hasSeen(control.seen, evidence);
  const transitions = new Map<Ecosystem, Transition>();
  const breakers = new Map(control.breakers);
  for (const [ecosystem, outcome] of outcomes) {
    const breaker = control.breakers.get(ecosystem) ?? CLOSED;
    const transition: Transition = before ? { kind: "none", breaker } : onOutcome(breaker, outcome, policy);
    transitions.set(ecosystem, transition);
    if (!before) breakers.set(ecosystem, transition.breaker);
  }
  const result = { before, transitions };
  if (before || evidence === undefined) return { control, result };
  return { control: { ...control, breakers, seen: markSeen(control.seen, evidence) }, result };
}
