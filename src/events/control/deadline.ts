import { breakerPolicy, budgetPolicy } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import { flipDue } from "../../domain/breaker/flip-due.ts";
import { isWeekOver, startWeek, type WeekReset } from "../../domain/budget/reset-week.ts";
import { weekOf } from "../../domain/budget/week.ts";
import { weekSpan } from "../../domain/budget/week-span.ts";
import type { Control } from "../../domain/control/control.ts";
import type { Instant } from "../../domain/instant.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { DEADLINE } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/** As of this moment nothing is due. */
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * What time alone changes: breakers that are due become half-open, and a week that is over makes room for the next. Without
 * a timer neither is done: the file is rewritten for a reason, not in passing.
 */
export function passTime(
  control: Control,
  configuration: Configuration,
  now: Instant,
): { readonly control: Control; readonly weekReset: WeekReset | null } {
  const policy = budgetPolicy(configuration);
  const flipped = flipDue(control, breakerPolicy(configuration), now).control;
  if (!isWeekOver(flipped.budget, now, policy)) return { control: flipped, weekReset: null };
  const reset = startWeek(flipped, weekOf(now, policy.week));
  return { control: reset.control, weekReset: reset.result };
}

/** When time next changes something in the file; null when it will not. */
export function nextDeadline(control: Control, configuration: Configuration): Instant | null {
  const due = flipDue(control, breakerPolicy(configuration), NEVER).result.next;
  const { budget } = control;
  const span = budget.kind === "readable" ? weekSpan(budget.budget, budgetPolicy(configuration).week) : null;
  const moments = [due, span?.ends ?? null].filter((moment) => moment !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/**
 * Looks again when time next changes something in the file. One timer for a repository: set again, it moves. What is overdue
 * is due now: a timer of the moment at which it was due has fired, in vain, and one moment of a timer comes once.
 */
export async function setDeadlineTimer(
  { installation, repository }: RepositoryEvent,
  at: Instant | null,
  { inbox, now }: Services,
): Promise<void> {
  const lane = laneOf(repository.full_name);
  const key = `deadline:${lane}`;
  if (at === null) return inbox.cancel(key);
  const body = JSON.stringify({ installation, repository });
  return inbox.schedule([{ key, lane, event: DEADLINE, body, at: Math.max(at, now()) }]);
}
