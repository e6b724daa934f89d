import { z } from "zod";
import { type Enforced, MERGE_METHODS, NOTHING_ENFORCED } from "../gate/enforced.ts";
import type { Json } from "./json-edit.ts";

const suspendedMerge = z.object({
  pull: z.int().positive(),
  method: z.enum(MERGE_METHODS),
  headline: z
    .string()
    .nullish()
    .transform((text) => text ?? null),
  body: z
    .string()
    .nullish()
    .transform((text) => text ?? null),
});

const disabledWorkflow = z.object({ file: z.string().regex(/^[\w.-]+$/), holds: z.array(z.string()) });

/** `batchkeeper.enforced`: what stops switched off on GitHub. One that makes no sense must not make a stop unreadable. */
export const enforcedRecord = z
  .object({
    auto_merge: z.array(suspendedMerge).default([]),
    workflows: z.array(disabledWorkflow).default([]),
  })
  .transform(({ auto_merge, workflows }): Enforced => ({ autoMerge: auto_merge, workflows }))
  .default(NOTHING_ENFORCED)
  .catch(NOTHING_ENFORCED);

/** The inverse of `enforcedRecord`; null when there is nothing to say, so that the key goes. */
export function printEnforced({ autoMerge, workflows }: Enforced): Record<string, Json> | null {
  if (autoMerge.length === 0 && workflows.length === 0) return null;
  const merges = autoMerge.map(
    ({ pull, method, headline, body }): Json => ({
      pull,
      method,
      ...(headline === null ? {} : { headline }),
      ...(body === null ? {} : { body }),
    }),
  );
  return { auto_merge: merges, workflows: workflows.map(({ file, holds }): Json => ({ file, holds })) };
}
