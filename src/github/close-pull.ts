import { deleteBranch } from "./branch.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent } from "./send-once.ts";

/** Closes a pull request of this app and deletes its branch; what is closed or gone already stays so. */
export async function closePull(
  repository: Repository,
  { number, branch }: { readonly number: number; readonly branch: string },
): Promise<void> {
  await sendIdempotent(() =>
    repository.octokit.rest.pulls.update({ ...at(repository), pull_number: number, state: "closed" }),
  );
  await deleteBranch(repository, branch);
}
