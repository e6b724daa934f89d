import type { Breaker } from "../breaker/breaker.ts";
import type { BudgetReading } from "../budget/budget.ts";
import type { Enforced } from "../gate/enforced.ts";
import type { Hold } from "../holds/hold.ts";
import type { SuccessWeek } from "../objective/success-week.ts";
import type { Seen } from "./seen.ts";

/** Everything that decisions are made on and about: the control file without its spelling. */
export interface Control {
  readonly holds: readonly Hold[];
  /** By the name that the file gives the ecosystem: any text, `__proto__` too. */
  readonly breakers: ReadonlyMap<string, Breaker>;
  readonly budget: BudgetReading;
  /** The last two weeks in which something was tried, oldest first. */
  readonly weeks: readonly SuccessWeek[];
  readonly enforced: Enforced;
  readonly seen: Seen;
}
