import type { Parts } from "../breaker/breaker.ts";
import type { Week } from "../budget/week.ts";
import type { Ecosystem } from "../ecosystem.ts";
import type { SuccessWeek } from "./success-week.ts";

/** The share of recipes, 0 to 1, that is meant to succeed in an ecosystem. */
export type ObjectiveOf = (ecosystem: Ecosystem) => number;

/** How an ecosystem did against its objective in one week. */
export interface ObjectiveReport {
  readonly ecosystem: Ecosystem;
  readonly week: Week;
  readonly tried: Parts;
  /** 0 to 1. */
  readonly rate: number;
  readonly objective: number;
  readonly isMet: boolean;
}

/** Too few to tell: one bad recipe in a quiet week is no trend. */
const FEWEST_TRIED = 10;

/** How each ecosystem did in a week, where enough was tried to tell. */
export function reportWeek({ week, tried }: SuccessWeek, objectiveOf: ObjectiveOf): readonly ObjectiveReport[] {
  return [...tried].flatMap(([ecosystem, parts]) => {
    const all = parts.ok + parts.failed;
    if (all < FEWEST_TRIED) return [];
    const [rate, objective] = [parts.ok / all, objectiveOf(ecosystem)];
    return [{ ecosystem, week, tried: parts, rate, objective, isMet: rate >= objective }];
  });
}
