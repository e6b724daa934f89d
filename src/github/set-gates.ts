import { count, type Done, each } from "./each.ts";
import type { Order } from "./enforcement-order.ts";
import { isStale, setGate } from "./gate.ts";
import type { JudgedPull } from "./judge-pulls.ts";
import type { Repository } from "./repository.ts";

// Gates of what is no batch matter only where the check is required: they are caught up on, never in a stop's way.
const MOST_OTHERS = 20;

/** What became of gates. */
export interface Gates extends Done<JudgedPull> {
  /** Whether none was left for another time. */
  readonly isAll: boolean;
}

/** Writes the gates that are missing or say something else, failing ones first. */
export async function setGates(
  repository: Repository,
  { settings, holds }: Order,
  judged: readonly JudgedPull[],
): Promise<Gates> {
  const isBatch = ({ kind }: JudgedPull) => kind === "batch" || kind === "rollback" || kind === "acceptance";
  const isOfInterest = (one: JudgedPull) =>
    isBatch(one) || (holds === null && one.pull.base === repository.defaultBranch);
  const stale = judged.filter((one) => isOfInterest(one) && isStale(one.pull, one.report));
  const others = stale.filter((one) => !isBatch(one));
  const written = [
    ...stale.filter(({ report }) => report.conclusion === "failure"),
    ...stale.filter((one) => one.report.conclusion === "success" && isBatch(one)),
    ...others.slice(0, MOST_OTHERS),
  ];
  const done = await each(
    written,
    ({ pull, report }) => setGate(repository, pull, report, settings.gate.check),
    (number) => `the gate of ${count(number, "pull request")} could not be set`,
  );
  return { ...done, isAll: others.length <= MOST_OTHERS };
}
