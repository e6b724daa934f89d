import { deleteBranch } from "../../github/branch.ts";
import type { Reading } from "../../github/change.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";

/** An open pull request of ours, by its branch. */
interface OpenPull {
  readonly head: { readonly ref: string };
}

/**
 * Closes what a process left open that died between opening a pull request and merging it, once the control file says
 * already what it was to say: without its branch a pull request is closed. One that waits for a person stays.
 * @returns whether some stay, so that they are to be looked at again.
 */
export async function closeLeftovers(
  pulls: readonly OpenPull[],
  repository: Repository,
  { store, log }: Services,
): Promise<boolean> {
  const branches = pulls.map(({ head }) => head.ref).filter((branch) => OURS.test(branch));
  if (branches.length === 0) return false;
  const reading = await store.read(repository);
  const leftovers = branches.filter((branch) => isSaid(branch, reading));
  for (const branch of leftovers) {
    log.info({ repository: repository.fullName, branch }, "a pull request that came to nothing is closed");
    await deleteBranch(repository, branch);
  }
  return leftovers.length < branches.length;
}

/** `count-<run>-<attempt>`, or `settle-<commit>`: made to write what happened to a protected branch, for nobody who waits. */
const OURS = /^batchkeeper\/(?:count-(?<id>\d+)-(?<attempt>\d+)|settle-[0-9a-f]{12})$/;

/** Whether the control file has what a branch was made for: a run, or order. */
function isSaid(branch: string, { control }: Reading): boolean {
  if (control.kind === "unusable") return false;
  const { id, attempt } = OURS.exec(branch)?.groups ?? {};
  if (id !== undefined) return control.file.control.seen.runs.includes(`${id}.${attempt}`);
  return control.settlements.length === 0;
}
