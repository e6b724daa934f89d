import { breakerPolicy, budgetPolicy } from "../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../src/config/schema.ts";
import { mayRun } from "../src/domain/breaker/admission.ts";
import { CLOSED } from "../src/domain/breaker/breaker.ts";
import { chargeRun } from "../src/domain/breaker/charge-run.ts";
import { admitRuns, countRun } from "../src/domain/breaker/count-run.ts";
import type { Transition } from "../src/domain/breaker/transition.ts";
import type { Control } from "../src/domain/control/control.ts";
import { newControlFile } from "../src/domain/control/control-file.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../src/domain/ecosystem.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE } from "../src/domain/instant.ts";
import { type RecordedRun, readControlHistory, runsBehind } from "./control-history.ts";
import type { Replay } from "./rollback.ts";

const POLICY = breakerPolicy(DEFAULT_CONFIGURATION);
const WEEKS = budgetPolicy(DEFAULT_CONFIGURATION).week;

/** The real pipeline's threshold (`update_breaker.sh`): what fails after that is a failed probe. */
const THEIR_THRESHOLD = 5;
/** What a run takes: it begins so long before its result. */
const RUN_TIME = 10 * MINUTE;

// The targets.
const FEWER_PROBES = 0.85;
const LONGEST_DELAY = DAY;
const LONGEST_UNEXPLAINED = DAY;

/** What became of one ecosystem, or of the infrastructure. */
interface Fate {
  failedProbes: number;
  openFor: Duration;
  openSince: Instant | null;
  incidents: number;
  /** Ecosystems that failed together when it opened: the cause that is named, beside the ecosystem itself. */
  together: readonly Ecosystem[];
  longestDelay: Duration;
  /** The longest time for which it was open without an incident. */
  unexplained: Duration;
}

const UNHARMED: Fate = {
  failedProbes: 0,
  openFor: 0,
  openSince: null,
  incidents: 0,
  together: [],
  longestDelay: 0,
  unexplained: 0,
};

/** What a replay of the recorded outcomes came to. */
export interface BreakerReplay {
  readonly theirs: ReadonlyMap<Ecosystem, Fate>;
  readonly ours: ReadonlyMap<Ecosystem, Fate>;
}

/** Feeds the recorded outcomes through our breaker: a run that it would not have let through did not take place. */
export function replayRuns(runs: readonly RecordedRun[]): BreakerReplay {
  const theirs = fates();
  const ours = fates();
  let control = newControlFile().control;
  for (const [index, run] of runs.entries()) {
    for (const [ecosystem, attempt] of run.attempts) follow(theirs.of(ecosystem), attempt, run.at);
    control = tryRun(control, run, `${17_350_000_000 + index}.1`, ours.of);
  }
  const end = runs.at(-1)?.at ?? 0;
  for (const fate of [...theirs.all.values(), ...ours.all.values()]) endAt(fate, end);
  return { theirs: theirs.all, ours: ours.all };
}

function fates() {
  const all = new Map<Ecosystem, Fate>();
  return { all, of: (ecosystem: Ecosystem): Fate => all.getOrInsertComputed(ecosystem, () => ({ ...UNHARMED })) };
}

/** The recorded breaker: open from the fifth failure in a row to the next success, and nobody was ever told. */
function follow(fate: Fate, { failed, inARow }: { failed: boolean; inARow: number }, at: Instant): void {
  if (failed && inARow > THEIR_THRESHOLD) fate.failedProbes += 1;
  if (failed && inARow >= THEIR_THRESHOLD) fate.openSince ??= at;
  if (!failed) endAt(fate, at);
  if (fate.openSince !== null) fate.unexplained = Math.max(fate.unexplained, at - fate.openSince);
}

/** What our breaker makes of one run: who may take part, and what comes of it. */
function tryRun(control: Control, run: RecordedRun, id: string, fateOf: (ecosystem: Ecosystem) => Fate): Control {
  const startedAt = run.at - RUN_TIME;
  const admission = (name: Ecosystem) => mayRun(control.breakers.get(name) ?? CLOSED, POLICY, startedAt);
  const shared = admission(INFRASTRUCTURE);
  for (const [ecosystem, { failed }] of run.attempts) {
    if (!failed) noteDelay(fateOf(ecosystem), control, ecosystem, run.at);
  }
  const admitted = [...run.attempts].filter(([ecosystem]) => shared.allowed && admission(ecosystem).allowed);
  if (admitted.length === 0) return control;
  for (const [ecosystem, { failed }] of admitted) {
    if (failed && (shared.why === "probe" || admission(ecosystem).why === "probe")) fateOf(ecosystem).failedProbes += 1;
  }
  const ecosystems = new Map(
    admitted.map(([ecosystem, { failed }]) => {
      const parts = failed ? { ok: 0, failed: 1 } : { ok: 1, failed: 0 };
      return [ecosystem, { startedAt, ...parts, failures: [] }] as const;
    }),
  );
  const results = { ecosystems, lost: 0, illFormed: [] };
  const charges = chargeRun({ run: id, startedAt, at: run.at, results }, POLICY, WEEKS);
  const started = admitRuns(control, [{ run: id, at: startedAt }], POLICY);
  const counted = countRun(started, charges, POLICY);
  for (const [ecosystem, transition] of counted.result.transitions) {
    noteTransition(fateOf(ecosystem), transition, run.at, counted.result.spared);
  }
  return counted.control;
}

function noteTransition(fate: Fate, { breaker, kind }: Transition, at: Instant, spared: Fate["together"]): void {
  if (breaker.state === "closed") {
    endAt(fate, at);
    return;
  }
  if (fate.openSince !== null) return;
  fate.openSince = at;
  fate.together = spared;
  // The incident is opened by the very run that opens the breaker.
  if (kind === "opened") fate.incidents += 1;
  else fate.unexplained = Number.POSITIVE_INFINITY;
}

/** How long after a recorded success our breaker would first have let a run through. */
function noteDelay(fate: Fate, { breakers }: Control, ecosystem: Ecosystem, at: Instant): void {
  for (const name of [ecosystem, INFRASTRUCTURE]) {
    const { state, opensAt } = breakers.get(name) ?? CLOSED;
    if (state !== "closed" && opensAt !== null) fate.longestDelay = Math.max(fate.longestDelay, opensAt - at);
  }
}

function endAt(fate: Fate, at: Instant): void {
  if (fate.openSince !== null) fate.openFor += at - fate.openSince;
  fate.openSince = null;
}

/** Replays the recorded control file through our breaker, and holds what comes of it against the targets. */
export async function replayBreakers(folder: string): Promise<Replay> {
  const versions = readControlHistory(folder);
  const runs = runsBehind(versions);
  const { theirs, ours } = replayRuns(runs);
  const names = [...new Set([...theirs.keys(), ...ours.keys()])].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const rows = names.map((name) => {
    const [their, our] = [theirs.get(name), ours.get(name) ?? UNHARMED];
    return [
      name,
      their === undefined ? "" : String(their.failedProbes),
      String(our.failedProbes),
      their === undefined || their.failedProbes === 0 ? "" : `${Math.round(100 * fewer(their, our))} %`,
      their === undefined ? "" : days(their.openFor),
      days(our.openFor),
      their === undefined ? "" : "0",
      String(our.incidents),
      their === undefined ? "" : days(their.unexplained),
      their === undefined ? "" : hours(our.longestDelay),
    ];
  });
  const differences = [...missedTargets(theirs, ours)];
  return {
    rows: [HEAD, ...rows],
    summary: `${runs.length} runs behind ${versions.length} recorded versions. Targets: at least ${100 * FEWER_PROBES} % fewer failed probes, no recovery delayed by more than ${hours(LONGEST_DELAY)}, nothing open for a day without an incident that names a cause: ${differences.length === 0 ? "all met" : "missed"}.\n\n${NOTES}`,
    differences,
  };
}

const HEAD = [
  "ecosystem",
  "failed probes",
  "ours",
  "fewer",
  "open",
  "ours",
  "incidents",
  "ours",
  "longest untold",
  "longest delay to recovery",
];

const NOTES = `The record has a part of all versions: between two of them the runs are spread evenly, and what rose and fell in
between is not seen. A run that our breaker would not have let through is left out, with whatever it would have shown. The
real pipeline told nobody. Infrastructure stands for the ecosystems that fail together: while it is open none of them runs,
and its time is not added to theirs.`;

function* missedTargets(theirs: BreakerReplay["theirs"], ours: BreakerReplay["ours"]): Generator<string> {
  for (const [name, their] of theirs) {
    const our = ours.get(name) ?? UNHARMED;
    if (their.failedProbes > 0 && fewer(their, our) < FEWER_PROBES) {
      yield `${name}: ${our.failedProbes} failed probes of ${their.failedProbes} are too many.`;
    }
    if (our.longestDelay > LONGEST_DELAY) yield `${name}: a recovery was delayed by ${hours(our.longestDelay)}.`;
  }
  for (const [name, { unexplained, incidents, openFor, together }] of ours) {
    if (unexplained > LONGEST_UNEXPLAINED || (openFor > 0 && incidents === 0))
      yield `${name}: open without an incident.`;
    if (name === INFRASTRUCTURE && openFor > 0 && together.length === 0) yield `${name}: open without a named cause.`;
  }
}

function fewer(their: Fate, our: Fate): number {
  return 1 - our.failedProbes / their.failedProbes;
}

function rank(name: Ecosystem): number {
  return name === INFRASTRUCTURE ? 1 : 0;
}

function days(duration: Duration): string {
  return `${(duration / DAY).toFixed(1)} d`;
}

function hours(duration: Duration): string {
  return `${(duration / HOUR).toFixed(1)} h`;
}
