import { seeded, simulateRuns } from "../../demo/simulation.ts";
import type { MeteredJob } from "../../src/domain/budget/job-minutes.ts";
import { type Ecosystem, parseEcosystem } from "../../src/domain/ecosystem.ts";
import { type Instant, MINUTE, SECOND } from "../../src/domain/instant.ts";
import type { EcosystemResult } from "../../src/domain/results/run-results.ts";

const DAYS = 365;
const ECOSYSTEMS = 50;
const START = Date.UTC(2026, 0, 1);

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
  const sizes = [...yearOfVersions(START)].map(({ file }) => Buffer.byteLength(file.text));
  return { runs: DAYS * 24, sizes };
}

/** The versions of that year, one for each day. */
export function yearOfVersions(from: Instant): ReturnType<typeof simulateRuns> {
  const names = Array.from({ length: ECOSYSTEMS }, (_, index) => parseEcosystem(`ecosystem-${index + 10}`, new Map()));
  const ecosystems = names.filter((name) => name !== null);
  const random = seeded(17_352);
  return simulateRuns({
    from,
    hours: DAYS * 24,
    hoursPerVersion: 24,
    tried: (startedAt) => tried(ecosystems, startedAt, random),
    jobs: jobsOf,
  });
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
