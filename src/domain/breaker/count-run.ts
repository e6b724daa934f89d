import type { Control } from "../control/control.ts";
import { hasSeen, markSeen } from "../control/seen.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { addToWeeks, type SuccessWeek } from "../objective/success-week.ts";
import { type Breaker, type BreakerPolicy, CLOSED } from "./breaker.ts";
import type { RunCharges } from "./charge-run.ts";
import { withLease } from "./lease.ts";
import { onAdmission, type StartedRun } from "./on-admission.ts";
import { onOutcome } from "./on-outcome.ts";
import type { Transition } from "./transition.ts";
import { byTime, isOverWith } from "./window.ts";

/** What counting a run attempt did to the breaker of each ecosystem that it had an outcome for. */
export interface Counted {
  /** It had been counted before: nothing was done now, and the breakers are as they are. */
  readonly before: boolean;
  readonly transitions: ReadonlyMap<Ecosystem, Transition>;
  /** Ecosystems that failed, and for which the infrastructure was charged. */
  readonly spared: readonly Ecosystem[];
  /** The week that was over when this run, the first of the next one, was counted; null for every other run. */
  readonly ended: SuccessWeek | null;
}

/** Counts a run attempt once: every breaker learns of its outcome, and the ledger remembers the attempt. */
export function countRun(
  control: Control,
  charges: RunCharges,
  policy: BreakerPolicy,
): { readonly control: Control; readonly result: Counted } {
  const { outcomes, spared } = charges;
  const before = outcomes.size > 0 && hasSeen(control.seen, charges);
  const transitions = new Map<Ecosystem, Transition>();
  const breakers = new Map(control.breakers);
  for (const [ecosystem, outcome] of outcomes) {
    const breaker = control.breakers.get(ecosystem) ?? CLOSED;
    const transition: Transition = before ? { kind: "none", breaker } : onOutcome(breaker, outcome, policy);
    transitions.set(ecosystem, transition);
    if (!before) breakers.set(ecosystem, transition.breaker);
  }
  const isNews = !before && outcomes.size > 0;
  const result = { before, transitions, spared, ended: isNews ? endedWeek(control, charges) : null };
  const counted = isNews ? { ...control, breakers, ...remember(control, charges) } : control;
  return { control: endLeases(counted, charges.run, policy), result };
}

function remember({ weeks, seen }: Control, charges: RunCharges): Pick<Control, "weeks" | "seen"> {
  return { weeks: addToWeeks(weeks, charges.week, charges.tried), seen: markSeen(seen, charges) };
}

function endedWeek({ weeks }: Control, { week, tried }: RunCharges): SuccessWeek | null {
  const latest = weeks.at(-1);
  return latest !== undefined && tried.size > 0 && latest.week < week ? latest : null;
}

/**
 * Counts several run attempts in the order in which they ended, so that each finds the breakers as they were when it did.
 * The results are in the order of `runs`: that of a run says what this run did, and the breakers as it left them, not as
 * later ones did.
 */
export function countRuns(
  control: Control,
  runs: readonly RunCharges[],
  policy: BreakerPolicy,
): { readonly control: Control; readonly result: readonly Counted[] } {
  const result: Counted[] = runs.map(() => ({ before: false, transitions: new Map(), spared: [], ended: null }));
  let latest = control;
  for (const [index, run] of [...runs.entries()].sort(([, a], [, b]) => byTime(a, b))) {
    const counted = countRun(latest, run, policy);
    latest = counted.control;
    result[index] = counted.result;
  }
  return { control: latest, result };
}

/**
 * Gives the leases of the breakers that are due to runs that started: nobody knows yet which ecosystems they will try. A run
 * that was counted is over, however late its start is heard of.
 */
export function admitRuns(control: Control, starts: readonly StartedRun[], policy: BreakerPolicy): Control {
  return starts
    .filter((start) => !hasSeen(control.seen, start))
    .reduce(
      (admitted, start) => mapBreakers(admitted, (breaker) => onAdmission(breaker, start, policy).breaker),
      control,
    );
}

/** A run that ended without a word on an ecosystem leaves its probe to the next one. */
function endLeases(control: Control, run: string, policy: BreakerPolicy): Control {
  return mapBreakers(control, (breaker) =>
    breaker.lease !== null && isOverWith(breaker.lease.run, run) ? withLease(breaker, null, policy) : breaker,
  );
}

/** The very control that went in when no breaker changes. */
function mapBreakers(control: Control, change: (breaker: Breaker) => Breaker): Control {
  const breakers = new Map([...control.breakers].map(([name, breaker]) => [name, change(breaker)]));
  const isSame = [...control.breakers].every(([name, breaker]) => breakers.get(name) === breaker);
  return isSame ? control : { ...control, breakers };
}
