import { z } from "zod";
import type { Repository } from "./repository.ts";

const QUERY = `query ParentFile($owner: String!, $name: String!, $commit: GitObjectID!, $path: String!) {
  repository(owner: $owner, name: $name) {
    object(oid: $commit) { ... on Commit { parents(first: 1) { nodes { file(path: $path) { oid } } } } }
  }
}`;

const parent = z.object({ file: z.object({ oid: z.string() }).nullable() });
const answer = z.object({
  repository: z.object({ object: z.object({ parents: z.object({ nodes: z.array(parent) }) }).nullable() }),
});

/** The blob sha of a file in the commit that another one was put on top of; null where there is none. */
export async function fileAtParent(
  { octokit, owner, name, urgency }: Repository,
  commit: string,
  path: string,
): Promise<string | null> {
  const data: unknown = await octokit.graphql(QUERY, { request: { urgency }, owner, name, commit, path });
  return answer.parse(data).repository.object?.parents.nodes[0]?.file?.oid ?? null;
}
