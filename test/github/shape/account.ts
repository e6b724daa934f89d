import { nodeId, type RepositoryRow, type UserRow } from "../database.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";

/** A person or a bot: OpenAPI `simple-user`. */
export function userJson(site: Site, user: UserRow): Json {
  const url = `${site.url}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: user.node_id,
    avatar_url: `${site.url}/avatars/u/${user.login}`,
    gravatar_id: "",
    url,
    html_url: `${site.url}/${user.type === "Bot" ? `apps/${user.login.replace("[bot]", "")}` : user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    site_admin: user.site_admin,
  };
}

export function userJsonById(site: Site, id: number | null): Json | null {
  const user = id === null ? undefined : site.db.users.get(id);
  return user ? userJson(site, user) : null;
}

/** The account that owns a repository, a person or an organization; both are a `simple-user` on the wire. */
export function ownerJson(site: Site, repository: RepositoryRow): Json | null {
  if (repository.owner_type === "User") return userJsonById(site, repository.owner_id);
  const organization = site.db.orgs.get(repository.owner_id);
  if (!organization) return null;
  const { login, id, node_id } = organization;
  return {
    ...userJson(site, { ...BLANK_ACCOUNT, login, id, node_id }),
    type: "Organization",
    url: `${site.url}/orgs/${login}`,
  };
}

const BLANK_ACCOUNT: UserRow = {
  id: 0,
  created_at: "",
  updated_at: "",
  login: "",
  node_id: "",
  avatar_url: "",
  gravatar_id: "",
  type: "User",
  site_admin: false,
  name: null,
  email: null,
};

/** The app, as answers name it in `performed_via_github_app`; null for what a person did. */
export function viaApp(site: Site, userId: number): Json | null {
  if (userId !== site.app.botId) return null;
  const app = site.db.apps.findOneBy("slug", site.app.slug);
  if (!app) return null;
  return {
    id: app.app_id,
    slug: app.slug,
    node_id: nodeId("App", app.app_id),
    name: app.name,
    owner: null,
    description: null,
    external_url: `${site.url}/apps/${app.slug}`,
    html_url: `${site.url}/apps/${app.slug}`,
    created_at: app.created_at,
    updated_at: app.updated_at,
    permissions: app.permissions,
    events: app.events,
  };
}
