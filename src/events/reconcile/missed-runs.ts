import { hasSeen } from "../../domain/control/seen.ts";
import { type Instant, parseInstant, printInstant } from "../../domain/instant.ts";
import { at, type Repository } from "../../github/repository.ts";
import { type Delivery, laneOf } from "../../inbox/inbox.ts";
import { finishedRun, type WorkflowRunPayload } from "../payload.ts";
import type { Services } from "../services.ts";
import { isBatchRun } from "../workflow-run.ts";
import { type Found, NOTHING_FOUND } from "./found.ts";
import type { ReconcilePayload } from "./payload.ts";
import { LOOK_BACK } from "./period.ts";

type Run = WorkflowRunPayload["workflow_run"];

/** With when the latest batch run of all began that has ended; null where nothing is new. */
interface FoundRuns extends Found {
  readonly latest: Instant | null;
}

const NO_RUNS: FoundRuns = { ...NOTHING_FOUND, latest: null };

const MOST_PAGES = 5;

/**
 * Batch runs that ended and are not in the ledger of the control file. Those that said nothing of any ecosystem never get
 * there: they are looked at once more and, being known to the inbox from then on, not again.
 */
export async function missedRuns(
  { installation, repository: payload }: ReconcilePayload,
  repository: Repository,
  { reader, store, now }: Services,
): Promise<FoundRuns> {
  const news = await reader.news(`runs ${repository.fullName}`, (headers) => listRuns(repository, now(), { headers }));
  if (news === null) return NO_RUNS;
  const { configuration, control } = await store.read(repository);
  // Nothing is counted while the file cannot be read; the look after it is mended finds the runs.
  if (control.kind === "unusable") return NO_RUNS;
  const isBatch = (run: Run) =>
    isBatchRun({ installation, repository: payload, workflow_run: run }, repository, configuration.settings);
  const isMissing = (run: Run) => {
    const evidence = { run: `${run.id}.${run.run_attempt}`, at: parseInstant(run.updated_at) ?? 0 };
    return !hasSeen(control.file.control.seen, evidence);
  };
  const runs = [...news.data.workflow_runs];
  for (let page = 2; runs.length === 100 * (page - 1) && page <= MOST_PAGES; page += 1) {
    runs.push(...(await listRuns(repository, now(), { page })).data.workflow_runs);
  }
  const listed = runs.flatMap((run) => finishedRun.safeParse(run).data ?? []).filter(isBatch);
  const missing = [
    ...(await earlierAttempts(repository, listed.flatMap(attemptsBefore).filter(isMissing))),
    ...listed.filter(isMissing),
  ];
  const deliveries = missing.map((run): Delivery => {
    const body = JSON.stringify({ action: "completed", installation, repository: payload, workflow_run: run });
    const lane = laneOf(repository.fullName);
    return { id: `run:${run.id}.${run.run_attempt}`, event: "workflow_run", lane, body, urgent: false };
  });
  const begun = listed.map(({ run_started_at }) => parseInstant(run_started_at) ?? 0);
  return { deliveries, keep: news.keep, latest: begun.length === 0 ? null : Math.max(...begun) };
}

// Whoever reruns a run so often looks for something else than a batch.
const MOST_ATTEMPTS = 10;

/** GitHub lists a run with its latest attempt: those before it, told by the number alone. */
function attemptsBefore(run: Run): readonly Run[] {
  const first = Math.max(1, run.run_attempt - MOST_ATTEMPTS);
  return Array.from({ length: run.run_attempt - first }, (_, index) => ({ ...run, run_attempt: first + index }));
}

/** Each attempt as it ended. A rerun of what failed says nothing of what had succeeded before. */
async function earlierAttempts(repository: Repository, attempts: readonly Run[]): Promise<readonly Run[]> {
  const { actions } = repository.octokit.rest;
  const read = attempts.map(async ({ id, run_attempt }) => {
    const { data } = await actions.getWorkflowRunAttempt({
      ...at(repository),
      run_id: id,
      attempt_number: run_attempt,
    });
    return finishedRun.safeParse(data).data ?? [];
  });
  return (await Promise.all(read)).flat();
}

function listRuns(repository: Repository, now: number, extra: { headers?: Record<string, string>; page?: number }) {
  return repository.octokit.rest.actions.listWorkflowRunsForRepo({
    ...at(repository),
    branch: repository.defaultBranch,
    status: "completed",
    // By the day, so that the address stays the same and its ETag means something.
    created: `>=${printInstant(now - LOOK_BACK).slice(0, 10)}`,
    per_page: 100,
    ...extra,
  });
}
