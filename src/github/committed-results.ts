import { z } from "zod";
import type { Repository } from "./repository.ts";
import type { ArchiveReading } from "./result-archive.ts";

/** What a commit says in a file; null when it did not change that file. */
export type CommittedReading = ArchiveReading | null;

const SHA = /^[0-9a-f]{40,64}$/;
/** Each takes two look-ups; the query stays far below GitHub's limits on nodes and time. */
const AT_ONCE = 50;

const blob = z
  .object({
    oid: z.string(),
    text: z.string().nullish(),
    isTruncated: z.boolean().optional(),
  })
  .nullable();
const answer = z.object({ repository: z.record(z.string(), blob) });

/**
 * Reads a file as commits left it, of all that changed it: one GraphQL call for fifty commits, in which the file is looked
 * up in each and in its first parent.
 */
export async function readCommitted(
  repository: Repository,
  path: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, CommittedReading>> {
  const wanted = [...new Set(commits)].filter((sha) => SHA.test(sha));
  const readings = new Map<string, CommittedReading>();
  for (let first = 0; first < wanted.length; first += AT_ONCE) {
    const chunk = wanted.slice(first, first + AT_ONCE);
    const objects = await lookUp(repository, path, chunk);
    for (const [index, sha] of chunk.entries()) {
      const [after, before] = [objects[`after${index}`], objects[`before${index}`]];
      readings.set(sha, after == null || after.oid === before?.oid ? null : readingOf(after));
    }
  }
  return readings;
}

async function lookUp(
  { octokit, owner, name, urgency }: Repository,
  path: string,
  commits: readonly string[],
): Promise<z.output<typeof answer>["repository"]> {
  const variables: Record<string, string> = {};
  const fields = commits.map((sha, index) => {
    variables[`after${index}`] = `${sha}:${path}`;
    variables[`before${index}`] = `${sha}^:${path}`;
    return `after${index}: object(expression: $after${index}) { oid ... on Blob { text isTruncated } }
    before${index}: object(expression: $before${index}) { oid }`;
  });
  const declared = Object.keys(variables).map((variable) => `$${variable}: String!`);
  const query = `query CommittedResults($owner: String!, $name: String!, ${declared.join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${fields.join("\n    ")}
  }
}`;
  const data: unknown = await octokit.graphql(query, { request: { urgency }, owner, name, ...variables });
  return answer.parse(data).repository;
}

function readingOf({ text, isTruncated }: NonNullable<z.output<typeof blob>>): ArchiveReading {
  if (isTruncated) return { kind: "malformed", problem: "it is larger than GitHub shows" };
  return typeof text === "string" ? { kind: "text", text } : { kind: "malformed", problem: "it is no text" };
}
