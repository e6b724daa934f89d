import { maySee } from "../api/routes.ts";
import type { RepositoryRow } from "../database.ts";
import { readRef } from "../git/branches.ts";
import type { Json } from "../json.ts";
import { htmlUrl, ownerLogin } from "../shape/repository.ts";
import { findRepository, type Site } from "../site.ts";
import { commitNode, objectById, objectNode } from "./git-object.ts";
import { issueByNumber } from "./issue.ts";
import { type PullRequestPage, pullRequestNode, pullRequestsConnection } from "./pull-request.ts";
import { type QueryContext, typedError } from "./query-context.ts";

/** `Query.repository`. */
export function repository({ owner, name }: { owner: string; name: string }, context: QueryContext): Json {
  const { site, caller } = context;
  const row = findRepository(site.db, `${owner}/${name}`);
  if (!row || !maySee(site, caller, row)) {
    throw typedError("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  }
  return {
    id: row.node_id,
    databaseId: row.id,
    name: row.name,
    nameWithOwner: row.full_name,
    owner: { __typename: row.owner_type, login: ownerLogin(row) },
    url: htmlUrl(site, row),
    isArchived: row.archived,
    isPrivate: row.private,
    defaultBranchRef: () => refNode(site, row, `refs/heads/${row.default_branch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      refNode(site, row, qualifiedName.startsWith("refs/") ? qualifiedName : `refs/heads/${qualifiedName}`),
    label: ({ name }: { name: string }) => labelNode(site, row, name),
    issue: ({ number }: { number: number }) => issueByNumber(context, row, number),
    pullRequest: ({ number }: { number: number }) => {
      const pull = site.db.pullRequests.findBy("repo_id", row.id).find((candidate) => candidate.number === number);
      if (!pull) throw typedError("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
      return pullRequestNode(site, row, pull);
    },
    pullRequests: (page: PullRequestPage) => pullRequestsConnection(site, row, page),
    object: ({ expression, oid }: { expression?: string; oid?: string }) =>
      expression === undefined && oid !== undefined
        ? objectById(site, row, oid)
        : objectNode(site, row, expression ?? "HEAD"),
  };
}

/** `Label`, or null. */
function labelNode(site: Site, row: RepositoryRow, name: string): Json | null {
  const label = site.db.labels.findBy("repo_id", row.id).find((candidate) => candidate.name === name);
  return label ? { id: label.node_id, name: label.name } : null;
}

/** `Ref`, or null. */
export function refNode(site: Site, row: RepositoryRow, ref: string): Json | null {
  const sha = readRef(site, row, ref);
  if (sha === null) return null;
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  return {
    id: `REF_${row.id}_${ref}`,
    name,
    prefix: ref.slice(0, ref.length - name.length),
    target: () => commitNode(site, row, sha),
  };
}
