import { z } from "zod";
import { type Landing, landing } from "./batch-pull.ts";
import { type RollbackRecord, readRollbackMessage } from "./rollback-message.ts";

/** A pull request that takes a batch back, or undoes that. */
export interface RollbackPull {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly state: "open" | "merged" | "closed";
  readonly mergedAt: string | null;
  readonly body: string;
  readonly headSha: string;
  /** What its commit says of itself; null when somebody else wrote it. */
  readonly record: RollbackRecord | null;
  readonly landing: Landing | null;
}

/** The GraphQL fields that a `RollbackPull` is read from, beside those of a landing. */
export const ROLLBACK_PULL_FIELDS = `fragment rollbackPull on PullRequest {
  id number url body state headRefName headRefOid mergedAt
  commits(last: 1) { nodes { commit { message } } }
  mergeCommit { ...landing }
}`;

const STATE = { OPEN: "open", MERGED: "merged", CLOSED: "closed" } as const;

export const rollbackPulls = z.array(
  z
    .object({
      id: z.string(),
      number: z.number(),
      url: z.string(),
      body: z.string(),
      state: z.enum(["OPEN", "MERGED", "CLOSED"]),
      headRefName: z.string(),
      headRefOid: z.string(),
      mergedAt: z.string().nullable(),
      commits: z.object({ nodes: z.array(z.object({ commit: z.object({ message: z.string() }) })) }),
      mergeCommit: landing.nullable(),
    })
    .transform(
      (node): RollbackPull => ({
        id: node.id,
        number: node.number,
        url: node.url,
        branch: node.headRefName,
        state: STATE[node.state],
        mergedAt: node.mergedAt,
        body: node.body,
        headSha: node.headRefOid,
        record: readRollbackMessage(node.commits.nodes[0]?.commit.message ?? ""),
        landing: node.mergeCommit,
      }),
    ),
);
