import { z } from "zod";
import { breakerEntry, breakerExtension } from "./breaker-record.ts";
import { holdRecord } from "./hold-record.ts";
import { seenRecord } from "./seen.ts";

/** Text that upstream's programs leave `""`, absent or null when there is none. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

/**
 * An object whose keys are anybody's, as a Map. `z.record` drops a key named `__proto__`; here it is data like any other,
 * because `JSON.parse` makes every key an own property.
 */
function dictionary<Value extends z.ZodType>(value: Value) {
  return z
    .custom<Record<string, unknown>>(
      (input) => typeof input === "object" && input !== null && !Array.isArray(input),
      "Invalid input: expected object",
    )
    .transform((object) => new Map(Object.entries(object)))
    .pipe(z.map(z.string(), value));
}

const ownState = z.object({
  version: z.literal(1).default(1),
  holds: z.array(holdRecord).default([]),
  breakers: dictionary(breakerExtension).default(new Map()),
  seen: seenRecord.default({ since: null, runs: [] }),
});

/** The minutes as the file says them. Nothing is decided on them yet, so one that makes no sense makes nothing unreadable. */
const budgetUsage = z
  .object({
    macos_minutes_used: z.number(),
    linux_minutes_used: z.number(),
    week_start: optionalText,
    sampling_active: z.boolean(),
  })
  .nullish()
  .catch(null);

/** What the file says of the CI budget; null when it says nothing that can be understood. */
export type BudgetUsage = z.output<typeof budgetUsage>;

/**
 * The part of `batch-control.json` that is ours to understand; unknown keys are anybody's. Null stands for an empty list
 * or map, as upstream's Go program prints one. `enabled` has no such reading: it says yes, no, or the file is unreadable.
 */
export const controlFileSchema = z.object({
  enabled: z.boolean().optional(),
  disabled_ecosystems: z.array(z.string()).nullish(),
  reason: optionalText,
  incident_url: optionalText,
  disabled_by: optionalText,
  disabled_at: optionalText,
  expected_resume: optionalText,
  circuit_breaker: dictionary(breakerEntry.nullable()).nullish(),
  budget: budgetUsage,
  batchkeeper: ownState.nullish(),
});
