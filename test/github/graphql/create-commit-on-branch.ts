import { mayPush, maySee, Refusal } from "../api/routes.ts";
import { assertDirectPushAllowed } from "../branch-rules.ts";
import type { RepositoryRow, UserRow } from "../database.ts";
import { branchTip } from "../git/branches.ts";
import { apiSignature } from "../git/identity.ts";
import { type FileEntry, ObjectStore } from "../git/object-store.ts";
import { push } from "../git/push.ts";
import type { Json } from "../json.ts";
import { findRepository, type Site, timestamp } from "../site.ts";
import { commitNode } from "./git-object.ts";
import { type QueryContext, typedError } from "./query-context.ts";
import { refNode } from "./repository.ts";

/** `CreateCommitOnBranchInput`, as the schema has validated it. */
interface Input {
  readonly clientMutationId?: string;
  readonly branch: { readonly repositoryNameWithOwner?: string; readonly branchName?: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges?: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions?: readonly { readonly path: string }[];
  };
}

/** `Mutation.createCommitOnBranch`: compare-and-swap on the head of a branch; author and signature are GitHub's affair. */
export function createCommitOnBranch({ input }: { input: Input }, { site, caller }: QueryContext): Json {
  const fullName = input.branch.repositoryNameWithOwner ?? "";
  const row = findRepository(site.db, fullName);
  if (!row || !maySee(site, caller, row)) {
    throw typedError("NOT_FOUND", `Could not resolve to a Repository with the name '${fullName}'.`);
  }
  const isGranted = caller.kind !== "installation" || caller.token.permissions.contents === "write";
  if (!("user" in caller) || !isGranted || !mayPush(site, caller, row)) {
    throw typedError("FORBIDDEN", "Resource not accessible by integration");
  }
  const branch = (input.branch.branchName ?? "").replace(/^refs\/heads\//, "");
  const tip = branchTip(site, row, branch);
  if (tip === null) throw typedError("NOT_FOUND", `Could not resolve to a Ref with the name '${branch}'.`);
  if (tip !== input.expectedHeadOid) {
    const expected = `Expected branch to point to "${input.expectedHeadOid}" but it did not.`;
    throw typedError("STALE_DATA", `${expected} Pull and try again.`);
  }
  assertAllowed(site, row, branch, caller.user);
  const sha = commit(site, row, tip, input, caller.user);
  push(site, row, `refs/heads/${branch}`, sha, caller.user);
  return {
    clientMutationId: input.clientMutationId ?? null,
    commit: () => commitNode(site, row, sha),
    ref: () => refNode(site, row, `refs/heads/${branch}`),
  };
}

function assertAllowed(site: Site, row: RepositoryRow, branch: string, user: UserRow): void {
  try {
    assertDirectPushAllowed(site, row, branch, user);
  } catch (error) {
    throw error instanceof Refusal ? typedError("UNPROCESSABLE", error.message) : error;
  }
}

function commit(site: Site, row: RepositoryRow, tip: string, input: Input, user: UserRow): string {
  const objects = new ObjectStore(site.db, row.id);
  const base = objects.commit(tip)?.tree_sha ?? null;
  const { additions = [], deletions = [] } = input.fileChanges ?? {};
  const changes = new Map<string, FileEntry | null>();
  for (const { path } of deletions) {
    if (base === null || !objects.entryAt(base, path)) {
      throw typedError("UNPROCESSABLE", `A path was requested for deletion which does not exist: ${path}`);
    }
    changes.set(path, null);
  }
  for (const { path, contents } of additions) changes.set(path, objects.writeBlob(Buffer.from(contents, "base64")));
  const { headline, body } = input.message;
  const { sha } = objects.writeCommit({
    message: body ? `${headline}\n\n${body}` : headline,
    tree: objects.changeTree(base, changes),
    parents: [tip],
    userId: user.id,
    date: timestamp(),
    ...apiSignature(site, user),
  });
  return sha;
}
