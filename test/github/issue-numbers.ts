import type { RepositoryRow } from "./database.ts";
import type { Site } from "./site.ts";

/** Issues and pull requests of a repository share one sequence of numbers. */
export function nextNumber(site: Site, repository: RepositoryRow): number {
  return site.db.issues.findBy("repo_id", repository.id).reduce((last, issue) => Math.max(last, issue.number), 0) + 1;
}
