import { z } from "zod";
import type { BreakerState } from "../breaker/breaker.ts";
import type { MeteredMinutes } from "../budget/hour-of-use.ts";
import { dictionary } from "../dictionary.ts";
import type { Instant } from "../instant.ts";
import { breakerEntry, breakerFrom, NO_EXTENSION } from "./breaker-record.ts";
import { readBudget } from "./budget-record.ts";

/** What an earlier version of the control file said of that which is drawn over time. */
export interface PastVersion {
  /** The commit that made it. */
  readonly sha: string;
  readonly at: Instant;
  readonly breakers: ReadonlyMap<string, BreakerState>;
  /** Minutes used of the week of `weekStart`; null when the budget cannot be read. */
  readonly week: { readonly start: string; readonly used: MeteredMinutes } | null;
}

const shape = z.object({ circuit_breaker: z.unknown().optional(), budget: z.unknown().optional() });
const breakers = dictionary(breakerEntry.nullable());

/**
 * Reads an earlier version for drawing: far less than for deciding, because a page shows hundreds of them. Null for a text
 * that is no JSON object, of which nothing can be drawn.
 */
export function readPastVersion(commit: Pick<PastVersion, "sha" | "at">, text: string): PastVersion | null {
  const content = shape.safeParse(parseJson(text)).data;
  if (content === undefined) return null;
  const entries = [...(breakers.safeParse(content.circuit_breaker).data ?? [])];
  const budget = readBudget(content.budget, undefined);
  return {
    ...commit,
    breakers: new Map(entries.map(([name, entry]) => [name, breakerFrom(entry, NO_EXTENSION).state])),
    week: budget.kind === "readable" ? { start: budget.budget.weekStart, used: budget.budget.used } : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
