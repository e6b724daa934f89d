import type { RepositoryRow } from "./database.ts";
import type { Site } from "./site.ts";

/** Issues and pull requests of a repository share one sequence of numbers, of which none is given twice. */
export function nextNumber({ db }: Site, { id }: RepositoryRow): number {
  const last = db.repos.get(id)?.last_number ?? 0;
  const next = db.issues.findBy("repo_id", id).reduce((most, { number }) => Math.max(most, number), last) + 1;
  db.repos.update(id, { last_number: next });
  return next;
}
