import type { UserRow } from "../database.ts";
import type { Site } from "../site.ts";

/** Name and address in a commit. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Who commits what is made through the web interface or, by an app, through the API. */
export const GITHUB_COMMITTER: Identity = { name: "GitHub", email: "noreply@github.com" };

/** The account that GitHub shows for its own committer address. */
export const WEB_FLOW: UserRow = {
  id: 19_864_447,
  created_at: "2016-06-10T20:52:38Z",
  updated_at: "2016-06-10T20:52:38Z",
  login: "web-flow",
  node_id: "MDQ6VXNlcjE5ODY0NDQ3",
  avatar_url: "",
  gravatar_id: "",
  type: "User",
  site_admin: false,
  name: "GitHub Web Flow",
  email: GITHUB_COMMITTER.email,
};

export function identityOf(user: UserRow): Identity {
  return { name: user.name ?? user.login, email: noreplyAddress(user.id, user.login) };
}

export function noreplyAddress(id: number, login: string): string {
  return `${id}+${login}@users.noreply.github.com`;
}

/** How GitHub writes a commit down: who is author and committer, and whether it signs. */
export interface Signature {
  readonly author: Identity;
  readonly committer: Identity;
  readonly verified: boolean;
}

/**
 * A commit through the API. GitHub signs an app's commit only when it names no author and no committer of its own
 * (GitHub documentation: "About commit signature verification", bots).
 */
export function apiSignature(site: Site, user: UserRow, author?: Identity, committer?: Identity): Signature {
  const isApp = user.id === site.app.botId;
  if (isApp && !author && !committer) {
    return { author: identityOf(user), committer: GITHUB_COMMITTER, verified: true };
  }
  const self = committer ?? identityOf(user);
  return { author: author ?? self, committer: self, verified: false };
}

/** A merge, squash or rebase by GitHub itself. */
export function mergeSignature(author: Identity): Signature {
  return { author, committer: GITHUB_COMMITTER, verified: true };
}
