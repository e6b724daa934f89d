import { nodeId, type SquashMessage, type UserRow } from "./database.ts";
import { writeRef } from "./git/branches.ts";
import { apiSignature, noreplyAddress } from "./git/identity.ts";
import { ObjectStore } from "./git/object-store.ts";
import type { Role } from "./roles.ts";
import { type Site, timestamp } from "./site.ts";

/** A repository to begin with. */
export interface RepositorySpec {
  /** Login; an account that does not exist yet is made a person. */
  readonly owner: string;
  readonly name: string;
  /** Path to text: the one commit on the default branch. Default: a README. */
  readonly files?: Readonly<Record<string, string>>;
  /** Login to role. People who do not exist yet are made. */
  readonly collaborators?: Readonly<Record<string, Role>>;
  readonly private?: boolean;
  /** Default `main`. */
  readonly defaultBranch?: string;
  readonly allowMergeCommit?: boolean;
  readonly allowSquashMerge?: boolean;
  readonly allowRebaseMerge?: boolean;
  readonly deleteBranchOnMerge?: boolean;
  readonly squashMergeCommitMessage?: SquashMessage;
  /** Whether the app is installed on the owner's account; default true. */
  readonly installApp?: boolean;
}

export function userToken(login: string): string {
  return `ghu_${login}`;
}

/** The person or bot of a login, made if missing, with a token of their own. */
export function ensureUser(site: Site, login: string, type: UserRow["type"] = "User"): UserRow {
  const existing = site.db.users.findOneBy("login", login);
  if (existing) return existing;
  const blank = { node_id: "", avatar_url: "", gravatar_id: "", site_admin: false, name: login, email: null };
  const { id } = site.db.users.insert({ login, type, ...blank });
  site.tokens.set(userToken(login), { login, id, scopes: ["repo"] });
  const user = site.db.users.update(id, { node_id: nodeId(type, id), email: noreplyAddress(id, login) });
  if (!user) throw new Error(`Could not create ${login}.`);
  return user;
}

/** An organization with its teams: slug to logins of the members. Members read its repositories. */
export function createOrganization(
  site: Site,
  login: string,
  teams: Readonly<Record<string, readonly string[]>>,
): void {
  const { db } = site;
  const organization = db.orgs.insert({
    login,
    node_id: nodeId("Organization", 0) + login,
    default_repository_permission: "read",
  });
  for (const [slug, members] of Object.entries(teams)) {
    const team = db.teams.insert({
      org_id: organization.id,
      node_id: nodeId("Team", 0) + slug,
      slug,
      name: slug,
      description: null,
      privacy: "closed",
      permission: "pull",
      members_count: members.length,
      repos_count: 0,
    });
    for (const member of members) {
      db.teamMembers.insert({ team_id: team.id, user_id: ensureUser(site, member).id, role: "member" });
    }
  }
}

/** Makes the repository with its first commit. Nobody is told: it was there before the app came. */
export function createRepository(site: Site, spec: RepositorySpec): string {
  const { db } = site;
  const fullName = `${spec.owner}/${spec.name}`;
  const organization = db.orgs.findOneBy("login", spec.owner);
  const owner = organization ?? ensureUser(site, spec.owner);
  const repository = db.repos.insert({
    name: spec.name,
    full_name: fullName,
    node_id: nodeId("Repository", 0) + fullName,
    owner_id: owner.id,
    owner_type: organization ? "Organization" : "User",
    private: spec.private ?? false,
    archived: false,
    description: null,
    default_branch: spec.defaultBranch ?? "main",
    pushed_at: null,
    open_issues_count: 0,
    allow_merge_commit: spec.allowMergeCommit ?? true,
    allow_squash_merge: spec.allowSquashMerge ?? true,
    allow_rebase_merge: spec.allowRebaseMerge ?? true,
    delete_branch_on_merge: spec.deleteBranchOnMerge ?? false,
    squash_merge_commit_message: spec.squashMergeCommitMessage ?? "COMMIT_MESSAGES",
    ...EMULATOR_DEFAULTS,
  });
  for (const [login, role] of Object.entries(spec.collaborators ?? {})) {
    db.collaborators.insert({ repo_id: repository.id, user_id: ensureUser(site, login).id, permission: role });
  }
  const objects = new ObjectStore(db, repository.id);
  const files = Object.entries(spec.files ?? { "README.md": `# ${spec.name}\n` });
  const committer = organization ? ensureUser(site, `${spec.owner}-owner`) : ensureUser(site, spec.owner);
  const { sha } = objects.writeCommit({
    message: "Initial commit",
    tree: objects.changeTree(null, new Map(files.map(([path, text]) => [path, objects.writeBlob(Buffer.from(text))]))),
    parents: [],
    userId: committer.id,
    date: timestamp(),
    ...apiSignature(site, committer),
  });
  writeRef(site, repository, `refs/heads/${repository.default_branch}`, sha);
  if (spec.installApp ?? true) installApp(site, spec.owner);
  return fullName;
}

/** Fields that emulate's remaining routes expect on a repository. */
const EMULATOR_DEFAULTS = {
  allow_auto_merge: true,
  fork: false,
  has_issues: true,
  has_projects: true,
  has_wiki: true,
  has_downloads: true,
  language: null,
  languages: {},
  topics: [],
  visibility: "public",
  allow_forking: true,
};

/** Installs the app on all repositories of an account, with the permissions it asks for. */
function installApp(site: Site, login: string): void {
  const { db } = site;
  if (db.appInstallations.findBy("app_id", site.app.appId).some((row) => row.account_login === login)) return;
  const organization = db.orgs.findOneBy("login", login);
  const app = db.apps.findOneBy("slug", site.app.slug);
  const account = organization ?? ensureUser(site, login);
  db.appInstallations.insert({
    installation_id: 1000 + account.id + (organization ? 1_000_000 : 0),
    app_id: site.app.appId,
    account_type: organization ? "Organization" : "User",
    account_id: account.id,
    account_login: login,
    repository_selection: "all",
    repository_ids: [],
    permissions: app?.permissions ?? {},
    events: app?.events ?? [],
    suspended_at: null,
  });
}
