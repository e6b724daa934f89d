/** What a rollback, or the undoing of one, did to which pull requests: as far as the fate of a batch depends on it. */
export interface Reversal {
  readonly number: number;
  readonly state: "open" | "merged" | "closed";
  readonly mergedAt: string | null;
  /** Null when its commit says nothing of itself. */
  readonly record: { readonly pulls: readonly number[]; readonly changed: number; readonly total: number } | null;
}

/** What became of a merged pull request of a batch. */
export type Fate<R extends Reversal> =
  | { readonly kind: "in-force" }
  | { readonly kind: "waiting"; readonly by: R }
  | { readonly kind: "rolled-back"; readonly by: R; readonly isPartial: boolean }
  | { readonly kind: "restored"; readonly by: R };

/** What the newest rollback of a pull request, and its undoing, came to. */
export function fateOf<R extends Reversal>(pull: number, rollbacks: readonly R[], undos: readonly R[]): Fate<R> {
  const takes = (reversal: R, number: number) => reversal.record?.pulls.includes(number) === true;
  const mine = rollbacks.filter((rollback) => takes(rollback, pull));
  const done = newest(mine.filter(({ state }) => state === "merged"));
  const undone = done && newest(undos.filter((undo) => undo.state === "merged" && takes(undo, done.number)));
  const open = mine.find(({ state }) => state === "open");
  if (done !== undefined && undone === undefined) {
    const { changed = 0, total = 0 } = done.record ?? {};
    return { kind: "rolled-back", by: done, isPartial: changed < total };
  }
  if (open !== undefined) return { kind: "waiting", by: open };
  return undone === undefined ? { kind: "in-force" } : { kind: "restored", by: undone };
}

function newest<R extends Reversal>(reversals: readonly R[]): R | undefined {
  return reversals.toSorted((a, b) => Date.parse(b.mergedAt ?? "") - Date.parse(a.mergedAt ?? ""))[0];
}
