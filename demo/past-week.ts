import type { MeteredJob } from "../src/domain/budget/job-minutes.ts";
import { type Ecosystem, parseEcosystem } from "../src/domain/ecosystem.ts";
import { HOUR, type Instant, MINUTE, printInstant, SECOND } from "../src/domain/instant.ts";
import type { LocalGitHub } from "../test/github/local-github.ts";
import { CONTROL_FILE, REPOSITORY } from "./recipe-repository.ts";
import { seeded, simulateRuns } from "./simulation.ts";

/** How often an ecosystem's recipes fail: usually, and in an outage, in hours of the week. */
interface Habit {
  readonly name: string;
  readonly usual: number;
  readonly outages: readonly (readonly [from: number, until: number])[];
  /** Minutes of each run. */
  readonly macos: number;
  readonly linux: number;
}

const HABITS: readonly Habit[] = [
  {
    name: "homebrew",
    usual: 0.08,
    outages: [
      [31, 38],
      [160, 168],
    ],
    macos: 3,
    linux: 6,
  },
  { name: "npm", usual: 0.01, outages: [], macos: 0, linux: 5 },
  { name: "pypi", usual: 0.02, outages: [[70, 79]], macos: 0, linux: 7 },
  { name: "crates.io", usual: 0.01, outages: [], macos: 0, linux: 4 },
  { name: "rubygems", usual: 0.05, outages: [[120, 160]], macos: 0, linux: 2 },
  { name: "cask", usual: 0.03, outages: [], macos: 2, linux: 0 },
];

const HOURS = 7 * 24;

/** Lets a repository have had a week of hourly runs before the app came: its control file has the history that they leave. */
export function liveThroughWeek(github: LocalGitHub, until: Instant): void {
  const random = seeded(2026);
  const from = until - HOURS * HOUR;
  const name = (text: string) => parseEcosystem(text, new Map()) ?? ("" as Ecosystem);
  const tried = (startedAt: Instant) =>
    new Map(
      HABITS.map(({ name: text, usual, outages }) => {
        const hour = (startedAt - from) / HOUR;
        const isOut = outages.some(([begin, end]) => hour >= begin && hour < end);
        const failed = Math.min(25, Math.round(25 * (isOut ? 0.9 : usual) * (0.5 + random())));
        return [name(text), { startedAt, ok: 25 - failed, failed, failures: [] }] as const;
      }),
    );
  for (const { at, file } of simulateRuns({ from, hours: HOURS, hoursPerVersion: 1, tried, jobs: jobsOf })) {
    const message = "chore(batch): count a run  [skip ci]";
    const commit = {
      files: { [CONTROL_FILE]: file.text },
      message,
      date: printInstant(at),
      author: "batchkeeper[bot]",
    };
    github.importCommit(REPOSITORY, commit);
  }
}

function jobsOf(run: number, at: Instant): readonly MeteredJob[] {
  return HABITS.flatMap(({ name, macos, linux }, index) => [
    ...(macos === 0 ? [] : [job(run * 20 + index, `validate (${name}, macos)`, "macos-14", { at, minutes: macos })]),
    ...(linux === 0
      ? []
      : [job(run * 20 + 10 + index, `generate (${name}, linux)`, "ubuntu-latest", { at, minutes: linux })]),
  ]);
}

function job(
  id: number,
  name: string,
  label: string,
  { at, minutes }: { readonly at: Instant; readonly minutes: number },
): MeteredJob {
  return {
    id,
    name,
    conclusion: "success",
    startedAt: at - minutes * MINUTE + SECOND,
    completedAt: at,
    runnerLost: false,
    labels: [label],
    runnerGroup: "GitHub Actions",
    ran: true,
  };
}
