import { z } from "zod";
import { repositoryEvent } from "../payload.ts";

/** The timer that looks for what the webhooks missed in one repository. */
export const reconcilePayload = repositoryEvent.extend({
  /** Comments written before this were looked at already: ISO 8601. */
  comments_since: z.string(),
  /** Pushes until this were looked for already: ISO 8601; "" where none were. */
  pushes_since: z.string().default(""),
  /** Pull requests closed until this were looked for already: ISO 8601; "" where none were. */
  closings_since: z.string().default(""),
});
export type ReconcilePayload = z.output<typeof reconcilePayload>;

/** The timer that looks through the installations, of one or of all, and through GitHub's delivery log. */
export const sweepPayload = z.object({
  /** Null: all of them, and the log. */
  installation: z.number().nullable(),
  /** Deliveries logged before this were looked at already: ISO 8601. */
  deliveries_since: z.string(),
});
export type SweepPayload = z.output<typeof sweepPayload>;
