import { fateOf } from "../domain/batches/batch-fate.ts";
import type { BatchPull } from "../github/batch-pull.ts";
import type { LatestBatches } from "../github/latest-batches.ts";
import type { Grade } from "./verdict.ts";

/** What became of a batch, in a few words. */
export function batchStanding(
  { number, state }: BatchPull,
  { rollbacks, undos }: LatestBatches,
): { readonly grade: Grade; readonly words: string } {
  if (state !== "merged")
    return state === "open" ? { grade: "ok", words: "open" } : { grade: "warn", words: "not merged" };
  const fate = fateOf(number, rollbacks, undos);
  switch (fate.kind) {
    case "in-force":
      return { grade: "ok", words: "merged" };
    case "waiting":
      return { grade: "warn", words: "rollback waits" };
    case "rolled-back":
      return { grade: "stop", words: fate.isPartial ? "rolled back in part" : "rolled back" };
    case "restored":
      return { grade: "ok", words: "restored" };
    default:
      return fate satisfies never;
  }
}
