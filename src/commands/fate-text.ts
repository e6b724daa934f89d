import { fateOf } from "../domain/batches/batch-fate.ts";
import { numberLink } from "../domain/number-link.ts";
import type { RollbackPull } from "../github/rollback-history.ts";

/** What became of a merged pull request of a batch, in a few words; "" when nothing did. */
export function fateText(pull: number, rollbacks: readonly RollbackPull[], undos: readonly RollbackPull[]): string {
  const fate = fateOf(pull, rollbacks, undos);
  switch (fate.kind) {
    case "in-force":
      return "";
    case "waiting":
      return `rollback waits in ${numberLink(fate.by)}`;
    case "rolled-back": {
      const { changed, total } = fate.by.record ?? {};
      return `**rolled back** with ${numberLink(fate.by)}${fate.isPartial ? ` (${changed} of ${total} recipes)` : ""}`;
    }
    case "restored":
      return `rollback undone with ${numberLink(fate.by)}`;
  }
}
