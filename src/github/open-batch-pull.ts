import { type Instant, parseInstant } from "../domain/instant.ts";
import { at, type Repository } from "./repository.ts";

/** Open pull requests of batches, by how their branches begin, oldest first: the pipeline starts nothing while one is open. */
export async function openBatchPulls(
  repository: Repository,
  branches: string,
): Promise<readonly { readonly number: number; readonly title: string; readonly openedAt: Instant | null }[]> {
  const { data } = await repository.octokit.rest.pulls.list({
    ...at(repository),
    state: "open",
    sort: "created",
    direction: "asc",
    per_page: 100,
  });
  return data
    .filter(({ head }) => head.ref.startsWith(branches) && head.repo?.full_name === repository.fullName)
    .map(({ number, title, created_at }) => ({ number, title, openedAt: parseInstant(created_at) }));
}
