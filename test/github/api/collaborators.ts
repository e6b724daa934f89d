import type { UserRow } from "../database.ts";
import { type Role, roleOf } from "../roles.ts";
import { userJson } from "../shape/account.ts";
import type { Site } from "../site.ts";
import { type ApiRequest, actor, noContent, notFound, ok, repositoryRoute, route } from "./routes.ts";

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

function userOf(site: Site, request: ApiRequest): UserRow {
  const user = site.db.users.all().find((row) => same(row.login, request.param("username")));
  if (!user) throw notFound();
  return user;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
