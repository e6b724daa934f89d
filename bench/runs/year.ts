import { breakerPolicy, budgetPolicy } from "../../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../../src/config/schema.ts";
import { chargeRun } from "../../src/domain/breaker/charge-run.ts";
import { admitRuns, countRun } from "../../src/domain/breaker/count-run.ts";
import { flipDue } from "../../src/domain/breaker/flip-due.ts";
import { countMinutes } from "../../src/domain/budget/count-minutes.ts";
import type { MeteredJob } from "../../src/domain/budget/job-minutes.ts";
import { newControlFile, readSoundFile } from "../../src/domain/control/control-file.ts";
import { writeControlFile } from "../../src/domain/control/write-control-file.ts";
import { type Ecosystem, parseEcosystem } from "../../src/domain/ecosystem.ts";
import { DAY, HOUR, type Instant, MINUTE, SECOND } from "../../src/domain/instant.ts";
import type { EcosystemResult } from "../../src/domain/results/run-results.ts";

const DAYS = 365;
const ECOSYSTEMS = 50;
const START = Date.UTC(2026, 0, 1);
const POLICY = breakerPolicy(DEFAULT_CONFIGURATION);
const BUDGET = budgetPolicy(DEFAULT_CONFIGURATION);

/** How large the control file was in a simulated year. */
export interface Year {
  readonly runs: number;
  /** Bytes at the end of each day. */
  readonly sizes: readonly number[];
}

/**
 * A year of hourly runs of 50 ecosystems, in memory: some always well, some flapping, some broken for good, some failing
 * together now and then, each with its minutes. At the end of every day the file is written, read again and measured.
 */
export function simulateYear(): Year {
  const names = Array.from({ length: ECOSYSTEMS }, (_, index) => parseEcosystem(`ecosystem-${index + 10}`, new Map()));
  const ecosystems = names.filter((name) => name !== null);
  const random = seeded(17_352);
  const sizes: number[] = [];
  let file = newControlFile();
  let number = 17_350_000_000;
  for (let day = 0; day < DAYS; day += 1) {
    let { control } = file;
    for (let hour = 0; hour < 24; hour += 1) {
      const at = START + day * DAY + hour * HOUR;
      number += 1000;
      const run = `${number}.1`;
      const results = { ecosystems: tried(ecosystems, at - 10 * MINUTE, random), lost: 0, illFormed: [] };
      const started = admitRuns(control, [{ run, at: at - 10 * MINUTE }], POLICY);
      const charges = chargeRun({ run, startedAt: at - 10 * MINUTE, at, results }, POLICY, BUDGET.week);
      const counted = countRun(started, charges, POLICY).control;
      const finished = { id: number, attempt: 1, startedAt: at - 10 * MINUTE, completedAt: at };
      const metered = countMinutes(counted, [{ run: finished, jobs: jobsOf(number, at) }], BUDGET).control;
      control = flipDue(metered, POLICY, at).control;
    }
    file = readSoundFile(writeControlFile(file, control));
    sizes.push(Buffer.byteLength(file.text));
  }
  return { runs: DAYS * 24, sizes };
}

/** Everything is tried by every run, as by a pipeline that reads no breaker: the most that there is to remember. */
function tried(
  ecosystems: readonly Ecosystem[],
  startedAt: Instant,
  random: () => number,
): ReadonlyMap<Ecosystem, EcosystemResult> {
  const isOutage = random() < 0.02;
  return new Map(
    ecosystems.map((ecosystem, index) => {
      const share = isOutage ? 0.9 : [0.02, 0.3, 0.6, 1][index % 4];
      const failed = Math.round(25 * Math.min(1, (share ?? 0) * (0.5 + random())));
      return [ecosystem, { startedAt, ok: 25 - failed, failed, failures: [] }] as const;
    }),
  );
}

/** Two thirds of each weekly budget. */
function jobsOf(run: number, at: Instant): readonly MeteredJob[] {
  return Array.from({ length: 5 }, (_, index) => ({
    id: 30_000_000_000 + run * 3 + index,
    name: `generate (ecosystem-${10 + index}, linux)`,
    conclusion: "success",
    startedAt: at - 5 * MINUTE,
    completedAt: at - index * SECOND,
    runnerLost: false,
    labels: [index === 0 ? "macos-14" : "ubuntu-latest"],
    runnerGroup: "GitHub Actions",
    ran: true,
  }));
}

/** The same numbers every time (Lehmer, with the constants of Park and Miller). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
