import type { Configuration } from "../config/schema.ts";
import { includesRole, type Person, type Role } from "./permission.ts";
import type { Reviewers } from "./propose-commit.ts";
import { at, type Repository } from "./repository.ts";

/** GitHub takes at most this many reviewers ("Request reviewers for a pull request"). */
const MOST_REVIEWERS = 15;

/** The operators of a repository but for one person: the teams that the settings name, else whoever has the permission. */
export async function otherOperators(
  repository: Repository,
  { teams, permission }: Configuration["operators"],
  person: Person,
): Promise<Reviewers> {
  if (teams.length > 0) return { people: [], teams };
  const { data } = await repository.octokit.rest.repos.listCollaborators({
    ...at(repository),
    // GitHub's own filter knows five permissions; custom roles come with the nearest one.
    permission: permission === "write" ? "push" : permission,
    per_page: 100,
  });
  const people = data
    .filter(({ id, type, role_name }) => id !== person.id && type === "User" && mayOperate(role_name, permission))
    .slice(0, MOST_REVIEWERS)
    .map(({ login, node_id }) => ({ login, nodeId: node_id }));
  return { people, teams: [] };
}

/** A role of the organization's own making was let through by GitHub's filter. */
function mayOperate(role: string, needed: Role): boolean {
  const known = (["none", "read", "triage", "write", "maintain", "admin"] as const).find((name) => name === role);
  return known === undefined || includesRole(known, needed);
}
