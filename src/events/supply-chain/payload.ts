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

/** Where to answer, and by which name the answer is known. */
const asked = z.object({ issue: z.number(), key: z.string() });
export type Asked = z.output<typeof asked>;

/** A recipe that is to be verified, for somebody in a thread, or for the watch. */
export const verifyPayload = repositoryEvent.extend({
  path: z.string(),
  commit: z.string(),
  version: z.string().nullable(),
  /** Null where only a drift is told. */
  asked: asked.nullable(),
});
export type VerifyPayload = z.output<typeof verifyPayload>;

const person = z.object({ login: z.string(), id: z.number() });

/** A recipe that is to have the checksum of what is downloaded now. */
export const acceptDriftPayload = repositoryEvent.extend({
  path: z.string(),
  version: z.string().nullable(),
  reason: z.string(),
  request: z.object({
    event: z.string(),
    comment: z.object({ id: z.number(), url: z.string(), at: z.number() }),
    position: z.number(),
    operator: person,
  }),
  asked,
});
export type AcceptDriftPayload = z.output<typeof acceptDriftPayload>;

/** A proposal of such a checksum that a second operator approved. */
export const approveDriftPayload = repositoryEvent.extend({
  pull: z.number(),
  head: z.string(),
  approval: z.object({ approver: person, writtenAt: z.number().nullable(), url: z.string(), event: z.string() }),
  asked,
});
export type ApproveDriftPayload = z.output<typeof approveDriftPayload>;
