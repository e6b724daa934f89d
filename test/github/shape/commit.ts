import type { CommitRow, RepositoryRow, UserRow } from "../database.ts";
import type { FileChange } from "../git/difference.ts";
import { GITHUB_COMMITTER, WEB_FLOW } from "../git/identity.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { userJson } from "./account.ts";
import { apiUrl, htmlUrl } from "./repository.ts";

/** A commit as `GET commits` lists it. */
export function commitJson(site: Site, repository: RepositoryRow, commit: CommitRow): Json {
  const url = apiUrl(site, repository);
  return {
    sha: commit.sha,
    node_id: commit.node_id,
    commit: {
      ...gitCommitJson(site, repository, commit),
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${htmlUrl(site, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: accountJson(site, commit.author_email),
    committer: accountJson(site, commit.committer_email),
    parents: parentsJson(site, repository, commit),
  };
}

/** A commit as the Git data API and the contents API answer it. */
export function gitCommitJson(site: Site, repository: RepositoryRow, commit: CommitRow): Json {
  const url = apiUrl(site, repository);
  return {
    sha: commit.sha,
    node_id: commit.node_id,
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${htmlUrl(site, repository)}/commit/${commit.sha}`,
    author: { name: commit.author_name, email: commit.author_email, date: commit.author_date },
    committer: { name: commit.committer_name, email: commit.committer_email, date: commit.committer_date },
    message: commit.message,
    tree: { sha: commit.tree_sha, url: `${url}/git/trees/${commit.tree_sha}` },
    parents: parentsJson(site, repository, commit),
    verification: verificationJson(commit),
  };
}

/** A file of a commit, a pull request or a comparison: OpenAPI `diff-entry`. */
export function fileChangeJson(site: Site, repository: RepositoryRow, change: FileChange, ref: string): Json {
  const path = change.path.split("/").map(encodeURIComponent).join("/");
  const { additions, deletions } = change;
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${htmlUrl(site, repository)}/blob/${ref}/${path}`,
    raw_url: `${htmlUrl(site, repository)}/raw/${ref}/${path}`,
    contents_url: `${apiUrl(site, repository)}/contents/${path}?ref=${ref}`,
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
}

/** The account behind a commit's e-mail address; null for a stranger, as on GitHub. */
export function accountOf(site: Site, email: string): UserRow | undefined {
  return site.db.users.all().find((user) => user.email === email);
}

function accountJson(site: Site, email: string): Json | null {
  if (email === GITHUB_COMMITTER.email) return userJson(site, WEB_FLOW);
  const account = accountOf(site, email);
  return account ? userJson(site, account) : null;
}

function parentsJson(site: Site, repository: RepositoryRow, commit: CommitRow): Json[] {
  return commit.parent_shas.map((sha) => ({
    sha,
    url: `${apiUrl(site, repository)}/commits/${sha}`,
    html_url: `${htmlUrl(site, repository)}/commit/${sha}`,
  }));
}

function verificationJson(commit: CommitRow): Json {
  const verified = commit.verified === true;
  return {
    verified,
    reason: verified ? "valid" : "unsigned",
    signature: verified ? "-----BEGIN PGP SIGNATURE-----" : null,
    payload: verified ? `tree ${commit.tree_sha}` : null,
    verified_at: verified ? commit.committer_date : null,
  };
}
