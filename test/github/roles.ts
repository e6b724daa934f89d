import type { RepositoryRow, UserRow } from "./database.ts";
import type { Site } from "./site.ts";

/** Repository roles, weakest first (GitHub documentation: "Repository roles for an organization"). */
const ROLES = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** The highest role that anything grants: ownership, collaboration, membership, a team, or the repository being public. */
export function roleOf(site: Site, repository: RepositoryRow, user: UserRow): Role {
  const grants: Role[] = [repository.private ? "none" : "read"];
  if (repository.owner_type === "User" && repository.owner_id === user.id) grants.push("admin");
  for (const row of site.db.collaborators.findBy("repo_id", repository.id)) {
    if (row.user_id === user.id) grants.push(asRole(row.permission));
  }
  if (repository.owner_type === "Organization") grants.push(...organizationGrants(site, repository, user));
  return grants.reduce((highest, role) => (ROLES.indexOf(role) > ROLES.indexOf(highest) ? role : highest));
}

export function mayWrite(role: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf("write");
}

/** The role by any of the names that API versions have for it (`push` is write, `pull` is read). */
function asRole(name: string): Role {
  const modern = name === "push" ? "write" : name === "pull" ? "read" : name;
  return ROLES.find((role) => role === modern) ?? "none";
}

function organizationGrants(site: Site, repository: RepositoryRow, user: UserRow): Role[] {
  const { db } = site;
  return db.teamMembers.findBy("user_id", user.id).flatMap((membership) => {
    const team = db.teams.get(membership.team_id);
    if (team?.org_id !== repository.owner_id) return [];
    // Emulate keeps the members of an organization as a team of this name, its owners as maintainers.
    if (team.slug === "members") {
      const base = db.orgs.get(repository.owner_id)?.default_repository_permission ?? "none";
      return [membership.role === "maintainer" ? "admin" : asRole(base)];
    }
    const reaches = db.teamRepos.findBy("team_id", team.id).some((link) => link.repo_id === repository.id);
    return reaches ? [asRole(team.permission)] : [];
  });
}
