import type { UserRow } from "../database.ts";
import { type Role, roleOf } from "../roles.ts";
import { userJson } from "../shape/account.ts";
import type { Site } from "../site.ts";
import {
  type Answer,
  type ApiRequest,
  actor,
  noContent,
  notFound,
  ok,
  page,
  type RepositoryRequest,
  repositoryRoute,
  route,
} from "./routes.ts";

/** The four answers of `permission`; the finer role is in `role_name`. */
const PERMISSION: Record<Role, string> = {
  none: "none",
  read: "read",
  triage: "read",
  write: "write",
  maintain: "write",
  admin: "admin",
};

/** Who may do what: collaborator permission and team membership. */
export function collaboratorRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/collaborators/:username/permission", (request) => {
    actor(request);
    const user = userOf(site, request);
    const role = roleOf(site, request.repository, user);
    return ok({ permission: PERMISSION[role], role_name: role, user: { ...userJson(site, user), role_name: role } });
  });
  repositoryRoute(site, "GET", "/collaborators", (request) => listCollaborators(site, request));
  repositoryRoute(site, "GET", "/collaborators/:username", (request) => {
    const user = userOf(site, request);
    const outsider = roleOf(site, { ...request.repository, private: true }, user) === "none";
    if (outsider) throw notFound();
    return noContent;
  });
  route(site, "GET", "/orgs/:org/teams/:team/memberships/:username", (request) => {
    actor(request);
    const organization = site.db.orgs.all().find((row) => same(row.login, request.param("org")));
    const user = userOf(site, request);
    const team = site.db.teams
      .all()
      .find((row) => row.org_id === organization?.id && same(row.slug, request.param("team")));
    const membership = site.db.teamMembers.findBy("user_id", user.id).find((row) => row.team_id === team?.id);
    if (!organization || !team || !membership) throw notFound();
    const url = `${site.url}/organizations/${organization.id}/team/${team.id}/memberships/${user.login}`;
    return ok({ url, role: membership.role, state: "active" });
  });
}

const PUSH: readonly Role[] = ["write", "maintain", "admin"];
/** Roles that are let through by each value of the parameter `permission`. */
const AT_LEAST: Readonly<Record<string, readonly Role[]>> = {
  pull: ["read", "triage", ...PUSH],
  triage: ["triage", ...PUSH],
  push: PUSH,
  maintain: ["maintain", "admin"],
  admin: ["admin"],
};

/** Everybody with a role of their own: that a repository is public makes nobody a collaborator. */
function listCollaborators(site: Site, request: RepositoryRequest): Answer {
  actor(request);
  const roles = AT_LEAST[request.query("permission") ?? "pull"] ?? [];
  const people = site.db.users.all().flatMap((user) => {
    const role = roleOf(site, { ...request.repository, private: true }, user);
    return roles.includes(role) ? [{ ...userJson(site, user), role_name: role, permissions: permissionsOf(role) }] : [];
  });
  const { items, headers } = page(request, people);
  return { status: 200, body: items, headers };
}

function permissionsOf(role: Role): Record<string, boolean> {
  return Object.fromEntries(Object.entries(AT_LEAST).map(([name, roles]) => [name, roles.includes(role)]));
}

function userOf(site: Site, request: ApiRequest): UserRow {
  const user = site.db.users.all().find((row) => same(row.login, request.param("username")));
  if (!user) throw notFound();
  return user;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
