import type { Control } from "../control/control.ts";
import { hasSeen, markSeen } from "../control/seen.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { type BreakerPolicy, CLOSED, type Outcome } from "./breaker.ts";
import { onOutcome } from "./on-outcome.ts";
import type { Transition } from "./transition.ts";
import { byTime } from "./window.ts";

/** What one run attempt did to each ecosystem that it worked on. All of its outcomes have the same `run` and `at`. */
export type RunOutcomes = ReadonlyMap<Ecosystem, Outcome>;

/** What counting a run attempt did to the breaker of each ecosystem that it had an outcome for. */
export interface Counted {
  /** It had been counted before: nothing was done now, and the breakers are as they are. */
  readonly before: boolean;
  readonly transitions: ReadonlyMap<Ecosystem, Transition>;
}

/** Counts a run attempt once: every breaker learns of its outcome, and the ledger remembers the attempt. */
export function countRun(
  control: Control,
  outcomes: RunOutcomes,
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

/**
 * Counts several run attempts in the order in which they ended, so that each finds the breakers as they were when it did.
 * The results are in the order of `runs`: that of a run says what this run did, and the breakers as it left them, not as
 * later ones did.
 */
export function countRuns(
  control: Control,
  runs: readonly RunOutcomes[],
  policy: BreakerPolicy,
): { readonly control: Control; readonly result: readonly Counted[] } {
  const result: Counted[] = runs.map(() => ({ before: false, transitions: new Map() }));
  let latest = control;
  for (const [index, run] of [...runs.entries()].sort(([, a], [, b]) => byTime(endOf(a), endOf(b)))) {
    const counted = countRun(latest, run, policy);
    latest = counted.control;
    result[index] = counted.result;
  }
  return { control: latest, result };
}

/** A run without outcomes has no time here, and needs none: there is nothing to count. */
function endOf(run: RunOutcomes): Pick<Outcome, "run" | "at"> {
  const [first] = run.values();
  return first ?? { run: "", at: 0 };
}
