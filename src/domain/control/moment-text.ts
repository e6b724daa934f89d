import { z } from "zod";
import { type Instant, parseInstant, printInstant } from "../instant.ts";

/** A date that has to be there. */
export const momentText = z.string().transform(toInstant);

/** A date that may be missing: `""`, as upstream's scripts write it, null, as `jq` may, or no key at all. */
export const optionalMomentText = z
  .string()
  .nullish()
  .transform((text, context) => (text === undefined || text === null || text === "" ? null : toInstant(text, context)));

/** The inverse of `optionalMomentText`: `""` when there is no date. */
export function printOptionalMoment(instant: Instant | null): string {
  return instant === null ? "" : printInstant(instant);
}

function toInstant(text: string, context: z.RefinementCtx): Instant {
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  context.addIssue({ code: "custom", message: "Invalid date: expected one like 2026-01-28T03:15:00Z" });
  return z.NEVER;
}
