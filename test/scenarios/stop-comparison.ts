import { expect } from "vitest";
import { gateOf, openBatch, pullOf } from "./batch-pull.ts";
import { SCOPES, type StopModel } from "./stop-model.ts";
import { REPOSITORY, WORKFLOW, World } from "./world.ts";

/** Open batches: ecosystems to number. Nobody can tell what one of nothing is of. */
export interface Real {
  readonly world: World;
  readonly batches: ReadonlyMap<readonly string[], number>;
}

// Days of the story pass within seconds: what GitHub lets an app write within a minute is not for this to wait for.
const MANY_WRITES = { perMinute: 100_000, perHour: 100_000 };

/** A world with open batches that merge by themselves once "build" is there, which it never is. */
export async function begin(): Promise<Real> {
  const world = await World.start({ collaborators: { oscar: "write", paul: "write" }, writes: MANY_WRITES });
  world.github.protect(REPOSITORY, "main", { requiredChecks: ["Batch gate", "build"], bypassApp: true });
  const batches = new Map<readonly string[], number>();
  for (const results of [["homebrew"], ["homebrew", "npm"], []]) {
    batches.set(results, await openBatch(world, { results, autoMerge: { headline: "chore: batch", body: "" } }));
  }
  return { world, batches };
}

/** The file, the gates and the workflows are what the model says. */
export function compare(model: StopModel, { world, batches }: Real): void {
  const { enabled, disabled_ecosystems, batchkeeper } = world.control();
  const holds = (batchkeeper?.holds ?? []).map(({ scope, kind, by }) => `${scope} ${kind} ${by}`);
  const seen = {
    holds: holds.toSorted(),
    enabled,
    disabled: disabled_ecosystems.toSorted(),
    workflow: world.github.workflowState(REPOSITORY, WORKFLOW),
    gates: [...batches.values()].map((batch) => gateOf(world, batch)?.conclusion),
    mergesItself: [...batches.values()].map((batch) => pullOf(world, batch).autoMerge !== null),
    noted: batchkeeper?.enforced !== undefined,
  };
  const covered = [...batches.keys()].map((ecosystems) => model.covers(ecosystems));
  expect(seen).toEqual({
    holds: model.holds,
    enabled: !model.isHeld("*"),
    disabled: SCOPES.filter((scope) => scope !== "*" && model.isHeld(scope)),
    workflow: model.isWorkflowDisabled ? "disabled_manually" : "active",
    gates: covered.map((isCovered) => (isCovered ? "failure" : "success")),
    mergesItself: covered.map((isCovered) => !isCovered),
    noted: covered.includes(true) || model.isWorkflowDisabled,
  });
}
