import { mayPush, maySee } from "../api/routes.ts";
import type { IssueRow, RepositoryRow } from "../database.ts";
import type { Json } from "../json.ts";
import { type QueryContext, typedError } from "./query-context.ts";

/** GitHub documentation, "Pinning an issue to your repository": up to three. */
const MOST_PINNED = 3;

/** `Issue`. */
function issueNode({ node_id, number, title, pinned }: IssueRow): Json {
  return {
    id: node_id,
    number,
    title,
    isPinned: pinned?.is_pinned ?? false,
    timelineItems: ({ itemTypes = [] }: { itemTypes?: readonly string[] }) => {
      if (String(itemTypes) !== "PINNED_EVENT") throw new Error("The local GitHub tells of pinned events alone.");
      return { totalCount: pinned === undefined ? 0 : 1 };
    },
  };
}

/** `Repository.issue`. */
export function issueByNumber({ site }: QueryContext, row: RepositoryRow, number: number): Json {
  const issue = site.db.issues.findBy("repo_id", row.id).find((candidate) => candidate.number === number);
  if (!issue) throw typedError("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
  return issueNode(issue);
}

/** `Mutation.pinIssue`. */
export function pinIssue(
  { input }: { readonly input: { readonly issueId: string; readonly clientMutationId?: string } },
  { site, caller }: QueryContext,
): Json {
  const issue = site.db.issues.all().find(({ node_id }) => node_id === input.issueId);
  const row = issue && site.db.repos.get(issue.repo_id);
  if (!issue || !row || !maySee(site, caller, row)) {
    throw typedError("NOT_FOUND", `Could not resolve to a node with the global id of '${input.issueId}'.`);
  }
  const isGranted = caller.kind !== "installation" || caller.token.permissions.issues === "write";
  if (!("user" in caller) || !isGranted || !mayPush(site, caller, row)) {
    throw typedError("FORBIDDEN", "Resource not accessible by integration");
  }
  const pinned = site.db.issues.findBy("repo_id", row.id).filter((other) => other.pinned?.is_pinned);
  if (pinned.length >= MOST_PINNED && !pinned.some(({ id }) => id === issue.id)) {
    throw typedError("UNPROCESSABLE", "Maximum 3 pinned issues per repository");
  }
  const current = site.db.issues.update(issue.id, { pinned: { is_pinned: true } }) ?? issue;
  return { clientMutationId: input.clientMutationId ?? null, issue: () => issueNode(current) };
}
