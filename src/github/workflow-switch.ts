import { isLostAnswer, isMissing, statusOf } from "./failure.ts";
import { workflowFile } from "./investigation.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent, sendOnce } from "./send-once.ts";

/** The file names of those workflows that GitHub would start runs of: one call for every hundred workflows. */
export async function activeWorkflows(repository: Repository, files: readonly string[]): Promise<readonly string[]> {
  const { octokit } = repository;
  const workflows = await octokit.paginate(octokit.rest.actions.listRepoWorkflows, {
    ...at(repository),
    per_page: 100,
  });
  const active = workflows.filter(({ state }) => state === "active").map(({ path }) => workflowFile(path));
  return files.filter((file) => active.includes(file));
}

export async function disableWorkflow(repository: Repository, file: string): Promise<void> {
  const { actions } = repository.octokit.rest;
  await sendIdempotent(() => actions.disableWorkflow({ ...at(repository), workflow_id: file }));
}

/** Lets GitHub start runs of a workflow again; one that is not there any more needs nothing. */
export async function enableWorkflow(repository: Repository, file: string): Promise<void> {
  const { actions } = repository.octokit.rest;
  try {
    await sendIdempotent(() => actions.enableWorkflow({ ...at(repository), workflow_id: file }));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Cancels a run, or finds that it had ended. GitHub takes the wish; the jobs end a moment later. */
export function cancelRun(repository: Repository, run: number): Promise<"cancelled" | "ended"> {
  const { actions } = repository.octokit.rest;
  return sendOnce(
    async () => {
      try {
        await actions.cancelWorkflowRun({ ...at(repository), run_id: run });
        return "cancelled";
      } catch (error) {
        if (isLostAnswer(error) || statusOf(error) !== 409) throw error;
        return "ended";
      }
    },
    async () => {
      const { data } = await actions.getWorkflowRun({ ...at(repository), run_id: run });
      if (data.status !== "completed") return null;
      return data.conclusion === "cancelled" ? "cancelled" : "ended";
    },
  );
}
