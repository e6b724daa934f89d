import type { Waiting } from "../../inbox/inbox.ts";
import type { Occurrence } from "../occurrence.ts";

/** A delivery with what it says. */
export interface Item<O extends Occurrence = Occurrence> {
  readonly delivery: Waiting;
  readonly occurrence: O;
}

export function deliveriesOf(items: readonly Item[]): readonly Waiting[] {
  return items.map(({ delivery }) => delivery);
}

/** Whether it says that this kind of thing happened. */
export function isOf<Kind extends Occurrence["kind"]>(
  item: Item,
  kind: Kind,
): item is Item<Extract<Occurrence, { kind: Kind }>> {
  return item.occurrence.kind === kind;
}
