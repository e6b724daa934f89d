/** What has a weekly budget. */
export const METERED_SYSTEMS = ["macos", "linux"] as const;
export type MeteredSystem = (typeof METERED_SYSTEMS)[number];

/** What a job ran on. Of these only the metered ones have a budget; `unknown` is said, never taken for one of the others. */
export const RUNNER_SYSTEMS = [...METERED_SYSTEMS, "windows", "self-hosted", "unknown"] as const;
export type RunnerSystem = (typeof RUNNER_SYSTEMS)[number];

/** What has no budget and is counted all the same. */
export type UnmeteredSystem = Exclude<RunnerSystem, MeteredSystem>;

/** How people write them. */
export const SYSTEM_NAMES: Readonly<Record<RunnerSystem, string>> = {
  macos: "macOS",
  linux: "Linux",
  windows: "Windows",
  "self-hosted": "self-hosted",
  unknown: "unknown",
};

/** What a job says of its runner. */
export interface RunnerClues {
  /** The `runs-on` of the job. */
  readonly labels: readonly string[];
  /** The group of the runner that took the job; null when none did. */
  readonly runnerGroup: string | null;
}

/** Systems of labels that say nothing by themselves, such as `big-mac`; in lower case. */
export type RunnerLabels = ReadonlyMap<string, RunnerSystem>;

const BY_LABEL: readonly (readonly [MeteredSystem | "windows", RegExp])[] = [
  ["macos", /macos|darwin/],
  ["windows", /windows/],
  ["linux", /linux|ubuntu/],
];

/** The group of the runners that GitHub hosts for everybody. */
const HOSTED_GROUP = "GitHub Actions";

/**
 * The system of a job's runner. GitHub's API has no such field: the settings' own labels come first, then `self-hosted`,
 * then the names of systems in the labels, as long as they name one. A runner of another group than GitHub's, whose labels
 * name none, is somebody's own.
 */
export function runnerSystem({ labels, runnerGroup }: RunnerClues, known: RunnerLabels): RunnerSystem {
  const names = labels.map((label) => label.toLowerCase());
  const set = names.map((name) => known.get(name)).find((system) => system !== undefined);
  if (set !== undefined) return set;
  if (names.includes("self-hosted")) return "self-hosted";
  const [named, ...others] = BY_LABEL.filter(([, pattern]) => names.some((name) => pattern.test(name)));
  if (named !== undefined) return others.length === 0 ? named[0] : "unknown";
  return runnerGroup === null || runnerGroup === HOSTED_GROUP ? "unknown" : "self-hosted";
}
