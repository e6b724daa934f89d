import { z } from "zod";
import { dictionary } from "../dictionary.ts";
import { breakerEntry, breakerExtension } from "./breaker-record.ts";
import { enforcedRecord } from "./enforced-record.ts";
import { holdRecord } from "./hold-record.ts";
import { seenRecord } from "./seen.ts";
import { successRecord } from "./success-record.ts";

/** Text that upstream's programs leave `""`, absent or null when there is none. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

const ownState = z.object({
  version: z.literal(1).default(1),
  holds: z.array(holdRecord).default([]),
  breakers: dictionary(breakerExtension).default(new Map()),
  /** Read by `readBudget`, as upstream's is: minutes that make no sense must not make a stop unreadable. */
  budget: z.unknown().optional(),
  slo: successRecord.default([]),
  enforced: enforcedRecord,
  seen: seenRecord.default({ since: null, runs: [] }),
});

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
  budget: z.unknown().optional(),
  batchkeeper: ownState.nullish(),
});
