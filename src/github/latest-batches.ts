import { z } from "zod";
import { ROLLBACK_BRANCH, UNDO_BRANCH } from "../domain/batches/batch-claim.ts";
import { BATCH_PULL_FIELDS, type BatchPull, batchPulls } from "./batch-pull.ts";
import { type BatchPlace, headQuery, pullsOf } from "./find-batch.ts";
import type { Repository } from "./repository.ts";
import { ROLLBACK_PULL_FIELDS, type RollbackPull, rollbackPulls } from "./rollback-history.ts";

/** The newest batches of a repository, and what took batches back; each newest first. */
export interface LatestBatches {
  readonly batches: readonly BatchPull[];
  readonly rollbacks: readonly RollbackPull[];
  readonly undos: readonly RollbackPull[];
}

const LATEST = `query LatestBatches($recipes: String!, $batches: String!, $rollbacks: String!, $undos: String!) {
  batches: search(type: ISSUE, query: $batches, first: 50) { nodes { ...batchPull } }
  rollbacks: search(type: ISSUE, query: $rollbacks, first: 50) { nodes { ...rollbackPull } }
  undos: search(type: ISSUE, query: $undos, first: 50) { nodes { ...rollbackPull } }
}
${BATCH_PULL_FIELDS}
${ROLLBACK_PULL_FIELDS}`;

/** Lists the newest batches: one GraphQL call. */
export async function latestBatches(repository: Repository, { recipes, branches }: BatchPlace): Promise<LatestBatches> {
  const search = (head: string) => `${pullsOf(repository)} ${headQuery(head)} sort:created-desc`;
  const answer: unknown = await repository.octokit.graphql(LATEST, {
    request: { urgency: repository.urgency },
    recipes,
    batches: search(branches),
    rollbacks: search(ROLLBACK_BRANCH),
    undos: search(UNDO_BRANCH),
  });
  const rollbacks = z.object({ nodes: rollbackPulls });
  const shape = z.object({
    batches: z.object({ nodes: batchPulls(repository, branches) }),
    rollbacks,
    undos: rollbacks,
  });
  const found = shape.parse(answer);
  return {
    batches: found.batches.nodes.filter(({ claim }) => claim.kind !== "none"),
    rollbacks: found.rollbacks.nodes,
    undos: found.undos.nodes,
  };
}
