import { z } from "zod";
import type { Provenance } from "../domain/supply-chain/judge-push.ts";
import { commitAuthor } from "./commit-author.ts";
import { askForObjects, groupsOf } from "./git-object.ts";
import type { Repository } from "./repository.ts";

/** Commits that one GraphQL call asks for. */
const COMMITS_A_CALL = 50;

const associated = z.array(z.object({ number: z.number(), mergedAt: z.string().nullable(), baseRefName: z.string() }));
const commitShape = z
  .object({
    url: z.string(),
    author: commitAuthor,
    associatedPullRequests: z.object({ nodes: associated }),
  })
  .nullable();

/** A commit as GitHub knows it. */
export interface TracedCommit {
  readonly sha: string;
  readonly url: string;
  readonly author: string;
  readonly provenance: Provenance;
}

/**
 * By which way commits reached the default branch: one GraphQL call for every fifty. GitHub's own association decides
 * (`associatedPullRequests`): it survives a squash that rewrites the message, and no message or author can forge it. Only a
 * pull request that was merged onto the default branch counts.
 */
export async function traceCommits(repository: Repository, shas: readonly string[]): Promise<readonly TracedCommit[]> {
  const fields =
    "... on Commit { url author { name user { login } } associatedPullRequests(first: 10) { nodes { number mergedAt baseRefName } } }";
  const traced = await Promise.all(
    groupsOf(shas, COMMITS_A_CALL).map(async (group) => {
      const asked = group.map((sha) => ({ argument: "oid", type: "GitObjectID!", value: sha, fields }));
      const found = await askForObjects(repository, "TracedCommits", asked);
      return group.map((sha, index) => tracedCommit(repository, sha, commitShape.parse(found[index] ?? null)));
    }),
  );
  return traced.flat();
}

/** Of the pull requests that GitHub associates with a commit, the one that was merged onto a branch. */
export function mergedInto<Pull extends { readonly mergedAt: string | null; readonly baseRefName: string }>(
  branch: string,
  pulls: readonly Pull[],
): Pull | undefined {
  return pulls.find(({ mergedAt, baseRefName }) => mergedAt !== null && baseRefName === branch);
}

function tracedCommit(
  { url, defaultBranch }: Repository,
  sha: string,
  commit: z.output<typeof commitShape>,
): TracedCommit {
  if (commit === null) return { sha, url: `${url}/commit/${sha}`, author: "somebody", provenance: { kind: "unknown" } };
  const { author, associatedPullRequests } = commit;
  const merged = mergedInto(defaultBranch, associatedPullRequests.nodes);
  return {
    sha,
    url: commit.url,
    author,
    provenance: merged === undefined ? { kind: "direct" } : { kind: "merged", pull: merged.number },
  };
}
