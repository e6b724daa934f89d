import { batchPlace } from "../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../src/config/schema.ts";
import { parseBatchId } from "../src/domain/batches/batch-id.ts";
import { type PlannedPath, planRollback, type RollbackPlan } from "../src/domain/batches/rollback-plan.ts";
import { findBatch } from "../src/github/find-batch.ts";
import type { Repository } from "../src/github/repository.ts";
import { readRollbackFacts } from "../src/github/rollback-facts.ts";
import { rebuildHistory } from "./rebuild-history.ts";
import { type RollbackCase, readRollbackCases } from "./rollback-case.ts";

/** What a replay of recorded data found. */
export interface Replay {
  /** The first row is the head. */
  readonly rows: readonly (readonly string[])[];
  readonly summary: string;
  /** What differs from the record. */
  readonly differences: readonly string[];
}

/** The answer to one path of a case, beside the recorded one. */
interface PathAnswer {
  readonly path: string;
  readonly ideal: string;
  readonly answer: string;
}

/** What a case came to. */
export interface CaseAnswer {
  readonly batch: string;
  readonly pulls: number;
  readonly calls: number;
  readonly paths: readonly PathAnswer[];
}

/** Plans the rollback of every recorded batch, each in a history built from its record, over HTTP. */
export async function replayRollbacks(folder: string): Promise<Replay> {
  const answers: CaseAnswer[] = [];
  for (const recorded of readRollbackCases(folder)) answers.push(await answerCase(recorded));
  const rows = answers.map(({ batch, pulls, calls, paths }) => {
    const count = (ideal: string) => String(paths.filter(({ answer }) => answer === ideal).length);
    const right = paths.filter(({ ideal, answer }) => ideal === answer).length;
    return [batch, String(pulls), String(calls), ...ANSWERS.map(count), `${right}/${paths.length}`];
  });
  const differences = answers.flatMap(({ batch, paths }) =>
    paths
      .filter(({ ideal, answer }) => ideal !== answer)
      .map(({ path, ideal, answer }) => `${batch} ${path}: recorded "${ideal}", answered "${answer}"`),
  );
  const all = answers.reduce((sum, { paths }) => sum + paths.length, 0);
  return {
    rows: [["batch", "pull requests", "calls", "delete", "human", "gone", "never merged", "as recorded"], ...rows],
    summary: `${all - differences.length} of ${all} paths of ${answers.length} batches are answered as recorded.`,
    differences,
  };
}

const DELETE = "delete";
const HUMAN = "human review";
const GONE = "skip (already gone)";
const NEVER = "skip: this batch never put it on main";
const ANSWERS = [DELETE, HUMAN, GONE, NEVER];

/** Rebuilds the history of a case on a local GitHub and asks what a rollback of all its pull requests would do. */
export async function answerCase(recorded: RollbackCase): Promise<CaseAnswer> {
  await using rebuilt = await rebuildHistory(recorded);
  const { plan, pulls } = await planOf(rebuilt.repository, recorded.batch_id);
  const byPath = new Map(plan.map((planned) => [planned.path, planned]));
  const paths = Object.entries(recorded.paths).map(([path, { ideal }]) => {
    return { path, ideal, answer: answerOf(byPath.get(path)) };
  });
  const strange = plan
    .filter(({ path }) => recorded.paths[path] === undefined)
    .map((planned) => ({ path: planned.path, ideal: "not of the batch", answer: answerOf(planned) }));
  return { batch: recorded.batch_id, pulls, calls: rebuilt.calls(), paths: [...paths, ...strange] };
}

async function planOf(
  repository: Repository,
  batch: string,
): Promise<{ readonly plan: RollbackPlan; readonly pulls: number }> {
  const id = parseBatchId(batch);
  if (id === null) throw new Error(`${batch} is no batch id`);
  const place = batchPlace(DEFAULT_CONFIGURATION);
  const found = await findBatch(repository, id, place);
  const arrivals = found.merged.flatMap(({ landing, commits, headlines }) =>
    landing === null ? [] : [{ landing, commits, headlines }],
  );
  if (arrivals.length === 0) return { plan: [], pulls: 0 };
  const facts = await readRollbackFacts(repository, found.tip, arrivals, place);
  const wish = { only: [], includeSwept: false, recipes: `${place.recipes}/` };
  return { plan: planRollback(facts, wish), pulls: found.merged.length };
}

function answerOf(planned: PlannedPath | undefined): string {
  switch (planned?.action) {
    case undefined:
      return NEVER;
    case "delete":
      return DELETE;
    case "keep":
      return HUMAN;
    case "gone":
      return GONE;
    case "restore":
    case "as-before":
      return planned.action;
  }
}
