import { aliasesOf, breakerPolicy } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import { type Counted, countRun } from "../domain/breaker/count-run.ts";
import { type FinishedRun, type JobOutcomes, jobOutcomes, type RunJob } from "../domain/breaker/job-outcomes.ts";
import { parseInstant } from "../domain/instant.ts";
import type { Intent, Proposal } from "../github/change.ts";
import { workflowFile } from "../github/investigation.ts";
import type { Octokit } from "../github/octokit.ts";
import { type Repository, repositoryOf } from "../github/repository.ts";
import { jobsOf } from "../github/workflow-run.ts";
import { keepBreakerIncidents } from "./breaker-incidents.ts";
import { MalformedPayload, type WorkflowRunPayload } from "./payload.ts";
import { reportUnusable } from "./readability.ts";
import type { Services } from "./services.ts";

/**
 * A workflow run completed. If it is a batch run its outcome is counted, once for each attempt, and the incidents are made
 * to say what the breakers say; also for an attempt counted before, because the process may have died between the two.
 */
export async function onWorkflowRun(
  delivery: string,
  { repository: repositoryPayload, workflow_run: payload }: WorkflowRunPayload,
  octokit: Octokit,
  services: Services,
): Promise<void> {
  const repository = repositoryOf(repositoryPayload, octokit, "housekeeping");
  if (!isOfTheRepository(payload, repository)) return;
  const { workflows } = await services.store.settings(repository);
  if (!workflows.includes(workflowFile(payload.path))) return;

  const run = finishedRun(payload);
  const jobs = await jobsOf(repository, run.id, run.attempt);
  const change = await services.store.change(repository, countIntent(delivery, run, jobs), countProposal(run));
  switch (change.kind) {
    case "unusable":
      return reportUnusable(repository, change.problem, services);
    case "waiting":
      return services.log.warn(
        { repository: repository.fullName, ...change.pull },
        "a run is counted when a person merges",
      );
    case "landed-before":
      return;
    case "committed":
    case "unchanged":
      return keepBreakerIncidents(repository, change.control, change.result, attemptOf(run), services);
  }
}

/** Runs of pull requests, and of forks above all, are tried by anybody: they say nothing about the pipeline. */
function isOfTheRepository(run: WorkflowRunPayload["workflow_run"], { fullName, defaultBranch }: Repository): boolean {
  const isOnDefaultBranch = run.head_branch === defaultBranch && run.head_repository?.full_name === fullName;
  return isOnDefaultBranch && !run.event.startsWith("pull_request");
}

function finishedRun(run: WorkflowRunPayload["workflow_run"]): FinishedRun {
  const startedAt = parseInstant(run.run_started_at);
  const completedAt = parseInstant(run.updated_at);
  if (startedAt === null || completedAt === null) {
    throw new MalformedPayload("workflow_run: run_started_at or updated_at is no ISO 8601 time");
  }
  return { id: run.id, attempt: run.run_attempt, startedAt, completedAt };
}

function attemptOf({ id, attempt }: FinishedRun): string {
  return `${id}.${attempt}`;
}

function countIntent(event: string, run: FinishedRun, jobs: readonly RunJob[]): Intent<Counted> {
  return {
    cause: { event, run: attemptOf(run) },
    subject: countSubject,
    apply: (control, configuration) =>
      countRun(control, outcomesOf(run, jobs, configuration).outcomes, breakerPolicy(configuration)),
  };
}

function outcomesOf(
  run: FinishedRun,
  jobs: readonly RunJob[],
  configuration: Configuration,
): Pick<JobOutcomes, "outcomes"> {
  const source = configuration.outcomes.find(({ from }) => from === "jobs");
  if (source?.from !== "jobs") return { outcomes: new Map() };
  return jobOutcomes(jobs, run, { pattern: source.pattern, aliases: aliasesOf(configuration) });
}

const MOST_NAMED = 3;

function countSubject({ transitions }: Counted): string {
  if (transitions.size > MOST_NAMED) return `count a run of ${transitions.size} ecosystems`;
  const outcomes = [...transitions].map(([ecosystem, { breaker }]) => `${ecosystem} ${breaker.state}`);
  return `count a run: ${outcomes.join(", ")}`;
}

/** Where the default branch is protected and may not be bypassed, counting goes by pull request too. */
function countProposal(run: FinishedRun): Proposal {
  const attempt = attemptOf(run);
  return {
    branch: `batchkeeper/count-${attempt.replace(".", "-")}`,
    title: `Count run ${attempt}`,
    body: `The outcome of run ${attempt}, for the circuit breakers. The default branch is protected, so it waits here.`,
    mode: "merge",
  };
}
