import { isMissing, messageOf } from "./failure.ts";
import { at, type Repository } from "./repository.ts";

/** Repository roles, weakest first (GitHub documentation, "Repository roles for an organization"). */
const ROLES = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** A person as GitHub identifies them: the number stays when the login changes hands. */
export interface Person {
  readonly login: string;
  readonly id: number;
}

export type RoleReading =
  | { readonly kind: "known"; readonly role: Role }
  /** Unknown is not "no": it reads differently and is worth another try. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Whether one role includes another. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/**
 * Asks GitHub, at the moment of acting, for a person's role. Never the comment's `author_association`: it shows private
 * members as strangers. A login that meanwhile belongs to another account gives nobody a role.
 */
export async function readRole(repository: Repository, person: Person): Promise<RoleReading> {
  try {
    const { data } = await repository.octokit.rest.repos.getCollaboratorPermissionLevel({
      ...at(repository),
      username: person.login,
    });
    if (data.user?.id !== person.id) return { kind: "known", role: "none" };
    // Custom roles have names of their own; `permission` then tells the nearest of GitHub's.
    const role = ROLES.find((known) => known === data.role_name) ?? ROLES.find((known) => known === data.permission);
    return { kind: "known", role: role ?? "none" };
  } catch (error) {
    return isMissing(error) ? { kind: "known", role: "none" } : { kind: "unknown", reason: messageOf(error) };
  }
}

/**
 * Whether a person is an active member of one of the owner's teams.
 * @throws GitHub's error when it could not be checked.
 */
export async function isInTeam(
  { octokit, owner }: Repository,
  person: Person,
  teams: readonly string[],
): Promise<boolean> {
  const memberships = await Promise.all(
    teams.map(async (team_slug) => {
      try {
        const { data } = await octokit.rest.teams.getMembershipForUserInOrg({
          org: owner,
          team_slug,
          username: person.login,
        });
        return data.state === "active";
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    }),
  );
  return memberships.includes(true);
}
