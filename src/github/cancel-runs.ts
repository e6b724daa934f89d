import type { Linked } from "../domain/gate/receipt.ts";
import { count, type Done, each } from "./each.ts";
import type { Repository } from "./repository.ts";
import type { RunInFlight } from "./workflow-run.ts";
import { cancelRun } from "./workflow-switch.ts";

/** What became of runs that were to be cancelled. */
export interface Cancelled extends Pick<Done<RunInFlight>, "undone"> {
  readonly cancelled: readonly Linked[];
  /** They had ended before. */
  readonly ended: readonly Linked[];
}

/** Cancels runs, one call for each. */
export async function cancelRuns(repository: Repository, runs: readonly RunInFlight[]): Promise<Cancelled> {
  const became = new Map<RunInFlight, "cancelled" | "ended">();
  const { undone } = await each(
    runs,
    async (run) => void became.set(run, await cancelRun(repository, run.id)),
    (number) => `${count(number, "run")} could not be cancelled`,
  );
  const those = (end: "cancelled" | "ended") =>
    runs.filter((run) => became.get(run) === end).map(({ id, url }) => ({ number: id, url }));
  return { cancelled: those("cancelled"), ended: those("ended"), undone };
}
