import { type CommitCause, commitTrailers } from "./commit-message.ts";

/** What a rollback, or the undoing of one, says of itself in its commit. */
export interface RollbackRecord {
  readonly kind: "rollback" | "undo";
  /** Id of the batch. */
  readonly batch: string;
  /** Pull requests that brought what it takes back; those of rollbacks for an undoing. */
  readonly pulls: readonly number[];
  /** Recipes that it changes, of those that the batch had. */
  readonly changed: number;
  readonly total: number;
  /** SHA-256 of the plan's manifest, in hexadecimal digits. */
  readonly plan: string;
}

/**
 * The message of a rollback's commit. Its trailers tell the finder that this is no batch although it names one, and the list
 * of batches what became of it. No line reads `batch_id:`.
 */
export function rollbackMessage(record: RollbackRecord, cause: CommitCause): string {
  const { kind, batch, pulls, changed, total, plan } = record;
  const subject = kind === "rollback" ? `rollback batch ${batch}` : `undo the rollback of batch ${batch}`;
  return [
    `chore(batch): ${subject}`,
    "",
    `Batchkeeper-${kind === "rollback" ? "Rollback" : "Undo"}: ${batch}`,
    `Batchkeeper-Pulls: ${pulls.join(" ")}`,
    `Batchkeeper-Recipes: ${changed}/${total}`,
    `Batchkeeper-Plan: ${plan}`,
    commitTrailers(cause),
  ].join("\n");
}

/** Reads such a message; null for any other. */
export function readRollbackMessage(message: string): RollbackRecord | null {
  const [, name, batch] = /^Batchkeeper-(Rollback|Undo): (\S+)$/m.exec(message) ?? [];
  const pulls = /^Batchkeeper-Pulls: ([\d ]*)$/m.exec(message)?.[1];
  const [, changed, total] = /^Batchkeeper-Recipes: (\d+)\/(\d+)$/m.exec(message) ?? [];
  const plan = /^Batchkeeper-Plan: ([0-9a-f]{64})$/m.exec(message)?.[1];
  if (batch === undefined || pulls === undefined || plan === undefined) return null;
  return {
    kind: name === "Undo" ? "undo" : "rollback",
    batch,
    pulls: pulls.split(" ").filter(Boolean).map(Number),
    changed: Number(changed),
    total: Number(total),
    plan,
  };
}
