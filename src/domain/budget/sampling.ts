import type { Control } from "../control/control.ts";

/** What asking for sampling came to. */
export type SamplingChange = "changed" | "as-it-was" | "unreadable";

/** A person turns sampling on or off. It stays so until a threshold is reached or the week ends. */
export function setSampling(
  control: Control,
  sampling: boolean,
): { readonly control: Control; readonly result: SamplingChange } {
  if (control.budget.kind === "unreadable") return { control, result: "unreadable" };
  const { budget } = control.budget;
  if (budget.sampling === sampling) return { control, result: "as-it-was" };
  return {
    control: { ...control, budget: { kind: "readable", budget: { ...budget, sampling } } },
    result: "changed",
  };
}
