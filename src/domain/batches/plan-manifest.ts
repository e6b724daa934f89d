import { changedPaths, type RollbackPlan } from "./rollback-plan.ts";

/** A plan on the commit that it was made for. */
export interface BasedPlan {
  /** The commit of the default branch. */
  readonly base: string;
  readonly plan: RollbackPlan;
}

/**
 * Exactly what a plan does, as a text whose digest stands for it: the base commit, and for each path that changes the mode
 * and blob that it gets. Two plans with the same text have the same effect, byte for byte.
 */
export function planManifest({ base, plan }: BasedPlan): string {
  const lines = changedPaths(plan).map((change) => {
    const to = change.action === "restore" ? `${change.to.mode} ${change.to.sha}` : "delete";
    // Paths may hold anything but NUL; JSON keeps one on its line.
    return `${to} ${JSON.stringify(change.path)}`;
  });
  return [`base ${base}`, ...lines].join("\n");
}

/** Whether two people must stand behind a plan: it changes more recipes than one may alone (runbook, section 3). */
export function needsSecondOperator(
  plan: RollbackPlan,
  { operators }: { readonly operators: { readonly second_operator: { readonly rollback_over: number } } },
): boolean {
  return changedPaths(plan).length > operators.second_operator.rollback_over;
}
