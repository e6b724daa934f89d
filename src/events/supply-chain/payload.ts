import { z } from "zod";
import { repositoryEvent } from "../payload.ts";

/** The timer that looks into a push: of its commits those that touched what is watched, with the paths. */
export const pushLookPayload = repositoryEvent.extend({
  before: z.string(),
  after: z.string(),
  forced: z.boolean(),
  /** Whether GitHub did not list all of its commits. */
  cut: z.boolean(),
  sender: z.object({ login: z.string(), type: z.string() }),
  /** Epoch milliseconds: when it came. */
  at: z.number(),
  /** Null when they are not told: they are to be read. */
  commits: z
    .array(z.object({ id: z.string(), paths: z.array(z.string()).readonly() }))
    .readonly()
    .nullable(),
});
export type PushLookPayload = z.output<typeof pushLookPayload>;

/** A recipe that is to be verified, for somebody in a thread, or for the watch. */
export const verifyPayload = repositoryEvent.extend({
  path: z.string(),
  commit: z.string(),
  version: z.string().nullable(),
  /** Where to answer, and by which name the answer is known; null where only a drift is told. */
  asked: z.object({ issue: z.number(), key: z.string() }).nullable(),
});
export type VerifyPayload = z.output<typeof verifyPayload>;
