import { z } from "zod";
import { parseEcosystem, type Scope } from "../ecosystem.ts";
import { HOLD_KINDS, type Hold } from "../holds/hold.ts";
import { printInstant } from "../instant.ts";
import { momentText, optionalMomentText, printOptionalMoment } from "./moment-text.ts";

const optionalText = z.string().default("");

const scopeText = z.string().transform((text, context): Scope => {
  const scope = text === "*" ? text : parseEcosystem(text, new Map());
  if (scope !== null) return scope;
  context.addIssue({ code: "custom", message: 'Invalid scope: expected "*" or the name of an ecosystem' });
  return z.NEVER;
});

/** A hold as `batchkeeper.holds` keeps it. */
export const holdRecord = z
  .object({
    id: z.string().regex(/^h-[0-9a-f]{6}$/),
    scope: scopeText,
    kind: z.enum(HOLD_KINDS),
    reason: optionalText,
    by: optionalText,
    at: momentText,
    until: optionalMomentText,
    incident_url: optionalText,
    source: optionalText,
  })
  .transform(({ incident_url, ...hold }): Hold => ({ ...hold, incidentUrl: incident_url }));

/** The inverse of `holdRecord`, in the order of the file. */
export function printHold(hold: Hold): Record<string, string> {
  return {
    id: hold.id,
    scope: hold.scope,
    kind: hold.kind,
    reason: hold.reason,
    by: hold.by,
    at: printInstant(hold.at),
    until: printOptionalMoment(hold.until),
    incident_url: hold.incidentUrl,
    source: hold.source,
  };
}
