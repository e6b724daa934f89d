import { aliasesOf, jobNaming } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import { beginningOf, jobResults } from "../domain/results/job-results.ts";
import { documentResults, type ResultsDocument, readResultsDocument } from "../domain/results/results-document.ts";
import { type FinishedRun, NO_RESULTS, type RunResults } from "../domain/results/run-results.ts";
import { findArtifacts, readArtifact } from "./artifact.ts";
import { readCommitted } from "./committed-results.ts";
import type { Repository } from "./repository.ts";
import type { ArchiveReading } from "./result-archive.ts";
import type { ListedJob } from "./workflow-run.ts";

/** A run that ended, with its jobs. */
export interface EndedRun {
  readonly run: FinishedRun;
  readonly conclusion: string | null;
  readonly headSha: string;
  readonly jobs: readonly ListedJob[];
}

/** A source of results that is there and cannot be understood. */
interface SourceProblem {
  /** `the artifact batch-results`. Names from the configuration. */
  readonly source: string;
  readonly problem: string;
}

/** What a run tells, from the first source that answers. */
export interface RunReport extends EndedRun {
  readonly problems: readonly SourceProblem[];
  /** Whether a source beside its jobs answered. */
  readonly isTold: boolean;
  /** What it did, as these settings read it. */
  results(settings: Configuration): RunResults;
}

/** `<run id>.<attempt>`: how the control file names what was counted. */
export function attemptOf({ id, attempt }: Pick<FinishedRun, "id" | "attempt">): string {
  return `${id}.${attempt}`;
}

type Source = Configuration["outcomes"][number];

/** Conclusions of a run that say nothing: it was ended, or never meant to work. */
const IGNORED: ReadonlySet<string | null> = new Set([
  "cancelled",
  "skipped",
  "neutral",
  "stale",
  "action_required",
  null,
]);

/**
 * Asks the sources of results, in the order of the settings, about runs: each is asked only about the runs that the ones
 * before it left open, about all of them at once. The jobs are there already.
 */
export async function reportRuns(
  repository: Repository,
  runs: readonly EndedRun[],
  settings: Configuration,
): Promise<readonly RunReport[]> {
  const documents = new Map<EndedRun, ResultsDocument>();
  const problems = new Map<EndedRun, SourceProblem[]>(runs.map((run) => [run, []]));
  let open = runs.filter(({ conclusion }) => !IGNORED.has(conclusion));
  for (const source of settings.outcomes) {
    if (source.from === "jobs") open = open.filter((run) => fromJobs(run, settings).ecosystems.size === 0);
    else {
      for (const [run, reading] of await ask(repository, source, open)) {
        const understood = understand(reading);
        if (understood.kind === "read") documents.set(run, understood.document);
        else problems.get(run)?.push({ source: nameOf(source), problem: understood.problem });
      }
      open = open.filter((run) => !documents.has(run));
    }
  }
  return runs.map((run) => ({
    ...run,
    problems: problems.get(run) ?? [],
    isTold: documents.has(run),
    results: (current) => resultsOf(run, documents.get(run), current),
  }));
}

function resultsOf(run: EndedRun, document: ResultsDocument | undefined, settings: Configuration): RunResults {
  if (IGNORED.has(run.conclusion)) return NO_RESULTS;
  if (document === undefined) return fromJobs(run, settings);
  return documentResults(document, beginningOf(run.jobs, run.run), aliasesOf(settings));
}

function fromJobs({ run, jobs, conclusion }: EndedRun, settings: Configuration): RunResults {
  // A run that GitHub could not start has no jobs to say so.
  if (conclusion === "startup_failure" && jobs.length === 0) return { ...NO_RESULTS, lost: 1 };
  const naming = jobNaming(settings);
  return naming === null ? NO_RESULTS : jobResults(jobs, run, naming);
}

type Asked = Exclude<Source, { from: "jobs" }>;

/** What a source says of each run about which it says something. */
async function ask(
  repository: Repository,
  source: Asked,
  runs: readonly EndedRun[],
): Promise<readonly (readonly [EndedRun, ArchiveReading])[]> {
  if (runs.length === 0) return [];
  switch (source.from) {
    case "artifact": {
      const artifacts = await findArtifacts(
        repository,
        source.name,
        runs.map(({ run }) => run),
      );
      const read = runs.map(async (run) => {
        const artifact = artifacts.get(run.run);
        return [run, artifact === undefined ? null : await readArtifact(repository, artifact, source.name)] as const;
      });
      return answered(await Promise.all(read));
    }
    case "file": {
      const readings = await readCommitted(
        repository,
        source.path,
        runs.map(({ headSha }) => headSha),
      );
      return answered(runs.map((run) => [run, readings.get(run.headSha) ?? null] as const));
    }
  }
}

function answered(
  readings: readonly (readonly [EndedRun, ArchiveReading | null])[],
): readonly (readonly [EndedRun, ArchiveReading])[] {
  return readings.flatMap(([run, reading]) => (reading === null ? [] : [[run, reading] as const]));
}

function understand(reading: ArchiveReading): ReturnType<typeof readResultsDocument> {
  return reading.kind === "text" ? readResultsDocument(reading.text) : reading;
}

function nameOf(source: Asked): string {
  return source.from === "artifact" ? `the artifact ${source.name}` : `the file ${source.path}`;
}
