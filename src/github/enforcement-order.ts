import type { Hold } from "../domain/holds/hold.ts";
import type { JudgedPull, Situation } from "./judge-pulls.ts";

/** What is to be brought into line with the control file, and how far. */
export interface Order extends Situation {
  /** How many pull requests are open. */
  readonly openPulls: number;
  /** Only these pull requests and nothing else; null: all that are open, and all that was noted. */
  readonly only: readonly number[] | null;
  /** The holds of the stop that asks for it; null when nobody waits for it. */
  readonly holds: readonly Hold[] | null;
  /** Whether that stop ends at once what is running. */
  readonly isNow: boolean;
  /** Delivery id of the event behind it. */
  readonly event: string;
}

/** Whether there can be nothing to do: nothing is open, nothing runs that should not, and nothing was noted. */
export function isIdle({ openPulls, only, control, isNow }: Order): boolean {
  const { autoMerge, workflows } = control.enforced;
  return openPulls === 0 && only === null && !isNow && autoMerge.length + workflows.length === 0;
}

/** The holds on everything that a stop asks for. */
export function everythingHolds({ holds }: Order): readonly Hold[] {
  return (holds ?? []).filter(({ scope }) => scope === "*");
}

/** Whether a stop asks for the end of everything at once. */
export function stopsAll(order: Order): boolean {
  return order.isNow && everythingHolds(order).length > 0;
}

/** Whether a gate fails because of the stop that asks; of any hold or breaker when nobody does. */
export function isHeldBy({ verdict }: JudgedPull, { holds }: Order): boolean {
  if (verdict.kind !== "failing") return false;
  const ids = new Set(holds?.map(({ id }) => id));
  return holds === null || verdict.blockers.some((blocker) => blocker.kind === "hold" && ids.has(blocker.hold.id));
}
