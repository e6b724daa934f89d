import { z } from "zod";
import { markedBody } from "../github/comment.ts";
import { readMarker } from "../github/marker.ts";
import type { Seal } from "../github/seal.ts";
import type { CommandContext, Request } from "./context.ts";

/** What a pull request that waits was asked for: enough to do it anew when the default branch has moved on. */
export interface WaitingRequest extends Request {
  /** What it does: `stop homebrew`. */
  readonly subject: string;
}

/** Where a request waits. */
interface Place {
  readonly fullName: string;
  readonly branch: string;
}

const person = z.object({ login: z.string(), id: z.number() });
const waitingRequest = z.object({
  subject: z.string(),
  words: z.array(z.string()),
  event: z.string(),
  comment: z.object({ id: z.number(), url: z.string(), at: z.number() }),
  position: z.number(),
  issue: z.object({ number: z.number(), url: z.string() }),
  operator: person,
});

// The body of a pull request has 65,536 characters at most, and hexadecimal digits are twice as many.
const LONGEST = 20_000;

/**
 * The body of a pull request with the request that it answers to in a hidden marker, sealed: people may edit that body, and
 * nobody must be able to ask for something in an operator's name. A request that is too long is left out.
 */
export function markedRequest(
  { subject, words, event, comment, position, issue, operator }: WaitingRequest,
  body: string,
  branch: string,
  { repository: { fullName }, seal }: Pick<CommandContext, "repository" | "seal">,
): string {
  const text = JSON.stringify({ subject, words, event, comment, position, issue, operator });
  if (text.length > LONGEST) return body;
  const key = Buffer.from(seal.set(text, { fullName, branch })).toString("hex");
  return markedBody({ kind: "request", key }, body);
}

/** The request in the body of a pull request; null when there is none of ours. */
export function readRequest(body: string | null, place: Place, seal: Seal): WaitingRequest | null {
  const key = readMarker(body, "request");
  const text = key === null ? null : seal.open(Buffer.from(key, "hex").toString(), place);
  return text === null ? null : { ...waitingRequest.parse(JSON.parse(text)), again: true };
}

/** What two requests have in common of which the later one is meant: a stop and a resume of the same, for one. */
export function topicOf({ subject }: Pick<WaitingRequest, "subject">): string {
  return subject.replace(/^(?:stop|resume) /, "switch ");
}
