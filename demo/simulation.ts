import { breakerPolicy, budgetPolicy } from "../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../src/config/schema.ts";
import { chargeRun } from "../src/domain/breaker/charge-run.ts";
import { admitRuns, countRun } from "../src/domain/breaker/count-run.ts";
import { flipDue } from "../src/domain/breaker/flip-due.ts";
import { countMinutes } from "../src/domain/budget/count-minutes.ts";
import type { MeteredJob } from "../src/domain/budget/job-minutes.ts";
import { type ControlFile, newControlFile, readSoundFile } from "../src/domain/control/control-file.ts";
import { writeControlFile } from "../src/domain/control/write-control-file.ts";
import type { Ecosystem } from "../src/domain/ecosystem.ts";
import { HOUR, type Instant, MINUTE } from "../src/domain/instant.ts";
import type { EcosystemResult } from "../src/domain/results/run-results.ts";

const POLICY = breakerPolicy(DEFAULT_CONFIGURATION);
const BUDGET = budgetPolicy(DEFAULT_CONFIGURATION);

/** What is simulated: hourly runs, what they try, and what they cost. */
export interface Simulation {
  readonly from: Instant;
  readonly hours: number;
  /** Between two versions of the file. */
  readonly hoursPerVersion: number;
  readonly tried: (startedAt: Instant) => ReadonlyMap<Ecosystem, EcosystemResult>;
  readonly jobs: (run: number, at: Instant) => readonly MeteredJob[];
}

/** The versions of a control file that hourly runs would have left, in memory, by the rules that count real ones. */
export function* simulateRuns(simulation: Simulation): Generator<{ readonly at: Instant; readonly file: ControlFile }> {
  const { from, hours, hoursPerVersion } = simulation;
  let file = newControlFile();
  let { control } = file;
  let number = 17_350_000_000;
  for (let hour = 0; hour < hours; hour += 1) {
    const at = from + hour * HOUR;
    const startedAt = at - 10 * MINUTE;
    number += 1000;
    const run = `${number}.1`;
    const results = { ecosystems: simulation.tried(startedAt), lost: 0, illFormed: [] };
    const started = admitRuns(control, [{ run, at: startedAt }], POLICY);
    const charges = chargeRun({ run, startedAt, at, results }, POLICY, BUDGET.week);
    const counted = countRun(started, charges, POLICY).control;
    const finished = { id: number, attempt: 1, startedAt, completedAt: at };
    const metered = countMinutes(counted, [{ run: finished, jobs: simulation.jobs(number, at) }], BUDGET).control;
    control = flipDue(metered, POLICY, at).control;
    if ((hour + 1) % hoursPerVersion !== 0) continue;
    file = readSoundFile(writeControlFile(file, control));
    ({ control } = file);
    yield { at, file };
  }
}

/** Numbers from 0 to 1, the same every time (Lehmer, with the constants of Park and Miller). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
