import type { Control } from "../control/control.ts";
import type { Instant } from "../instant.ts";
import type { BudgetPolicy } from "./budget.ts";
import { isWeekOver, startWeek } from "./reset-week.ts";
import { weekOf } from "./week.ts";

/** What asking for sampling came to. */
export type SamplingChange = "changed" | "as-it-was" | "unreadable";

/**
 * A person turns sampling on or off. It stays so until a threshold is reached or the week ends: the week of `now`, which
 * begins with this where the file has an earlier one, or none. Otherwise the next event would begin it, and turn it off.
 */
export function setSampling(
  control: Control,
  sampling: boolean,
  now: Instant,
  policy: BudgetPolicy,
): { readonly control: Control; readonly result: SamplingChange } {
  const { budget: reading } = control;
  if (reading.kind === "unreadable") return { control, result: "unreadable" };
  const isNewWeek = reading.budget.weekStart === "" || isWeekOver(reading, now, policy);
  const begun = isNewWeek ? startWeek(control, weekOf(now, policy.week)).control : null;
  const budget = begun?.budget.budget ?? reading.budget;
  if (budget.sampling === sampling) return { control, result: "as-it-was" };
  return {
    control: { ...(begun ?? control), budget: { kind: "readable", budget: { ...budget, sampling } } },
    result: "changed",
  };
}
