import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { type Delivery, type Inbox, InboxUnavailable, laneOf } from "../inbox/inbox.ts";
import type { Tracing } from "../tracing/tracing.ts";

export const WEBHOOK_PATH = "/api/github/webhooks";

/** GitHub delivers nothing larger (GitHub documentation, "Webhook events and payloads", payload cap). */
const LARGEST_BODY = 25 * 1024 * 1024;

/** What the intake tells whoever watches: one line for each delivery that did not end well. */
interface IntakeLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface Intake {
  readonly inbox: Pick<Inbox, "accept" | "isOpen">;
  /** Whether an event is one that is handled: any other is answered, and not kept. */
  readonly isHandled: (event: string, action: unknown) => boolean;
  /** Whether somebody waits for what is done about an event. */
  readonly isUrgent: (event: string, payload: unknown) => boolean;
  /** What is to be kept of an event that is handled, as JSON; null: all of its payload, as it came. */
  readonly keptOf: (event: string, action: string | undefined, payload: unknown) => string | null;
  readonly verify: (body: string, signature: string) => Promise<boolean>;
  readonly log: IntakeLog;
  /** Told of the lane of every delivery that is verified, handled or not: something has happened there. */
  readonly hear?: (lane: string) => void;
  /** Follows what is taken over. */
  readonly tracing: Pick<Tracing, "arrival">;
  /** Counts a delivery by event name and result. */
  readonly count: (event: string, result: string) => void;
}

/** A delivery that is not taken over, with the HTTP status that says why. */
class RejectedDelivery extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const headers = z.object({
  "x-github-delivery": z.string().regex(/^[\w-]{1,100}$/),
  "x-github-event": z.string().regex(/^[a-z_]{1,60}$/),
});

/** What decides where a delivery belongs; the rest of the payload is read by its handler. */
const envelope = z.object({
  action: z.string().optional().catch(undefined),
  repository: z.object({ full_name: z.string() }).optional().catch(undefined),
});

/**
 * Answers one webhook: 202 once the inbox has it on disk, 401 for a bad signature, 413 over 25 MB, 415 for another content
 * type, 400 for what is no event, 503 while the inbox takes none (GitHub then lists it as failed, and it can be delivered
 * again). Nothing is parsed, let alone handled, before its signature is verified.
 */
export async function receiveWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  intake: Intake,
): Promise<void> {
  // Before its signature is verified, the name of an event is anybody's text: no label of a metric.
  let event = "unverified";
  let arrival: ReturnType<Tracing["arrival"]> | null = null;
  const arrivedAt = Date.now();
  try {
    const { delivery, isHandled } = await readDelivery(request, intake);
    event = delivery.event;
    if (isHandled) {
      arrival = intake.tracing.arrival(delivery, WEBHOOK_PATH, arrivedAt);
      await intake.inbox.accept([{ ...delivery, trace: arrival.trace }]);
    }
    intake.hear?.(delivery.lane);
    intake.count(event, isHandled ? "accepted" : "ignored");
    arrival?.end(202);
    answer(response, 202, isHandled ? "accepted" : "not an event that is handled");
  } catch (error) {
    const { status, message } = refusalOf(error);
    const isExpected = error instanceof RejectedDelivery;
    intake.count(event, isExpected ? "refused" : "failed");
    arrival?.end(status);
    if (isExpected) intake.log.warn({ event, status, reason: message }, "webhook refused");
    else
      intake.log.error({ event, delivery: request.headers["x-github-delivery"], err: error }, "event not taken over");
    answer(response, status, message);
  }
}

async function readDelivery(
  request: IncomingMessage,
  intake: Intake,
): Promise<{ readonly delivery: Delivery; readonly isHandled: boolean }> {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new RejectedDelivery(415, "set the webhook's content type to application/json");
  }
  const named = headers.safeParse(request.headers);
  if (!named.success) throw new RejectedDelivery(400, "X-GitHub-Delivery or X-GitHub-Event is missing or malformed");
  if (!intake.inbox.isOpen()) throw new RejectedDelivery(503, "events are not accepted at present");
  const body = await readBody(request);
  const signature = request.headers["x-hub-signature-256"];
  // The verification of Octokit throws for an empty text: that is no signature either.
  if (typeof signature !== "string" || signature === "" || body === "" || !(await intake.verify(body, signature))) {
    throw new RejectedDelivery(401, "X-Hub-Signature-256 does not match the webhook secret");
  }
  const id = named.data["x-github-delivery"];
  const event = named.data["x-github-event"];
  const payload = parseJson(body);
  const { action, repository } = envelope.safeParse(payload).data ?? {};
  const lane = laneOf(repository?.full_name ?? "");
  const isHandled = intake.isHandled(event, action);
  const kept = isHandled ? intake.keptOf(event, action, payload) : null;
  return { delivery: { id, event, lane, body: kept ?? body, urgent: intake.isUrgent(event, payload) }, isHandled };
}

/** By events, not by `for await`: an iterator for each request costs more than the signature. */
function readBody(request: IncomingMessage): Promise<string> {
  if (Number(request.headers["content-length"] ?? 0) > LARGEST_BODY) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_BODY) return void chunks.push(chunk);
      // The rest is not read; the sender still gets an answer.
      request.pause();
      reject(tooLarge());
    });
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", reject);
    request.once("close", () => request.complete || reject(new RejectedDelivery(400, "the sender went away")));
  });
}

function tooLarge(): RejectedDelivery {
  return new RejectedDelivery(413, "the payload is over 25 MB");
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new RejectedDelivery(400, "the payload is not JSON");
  }
}

// An unexpected error is not shown to the caller: it may quote what only the log should hold.
function refusalOf(error: unknown): { status: number; message: string } {
  if (error instanceof RejectedDelivery) return { status: error.status, message: error.message };
  if (error instanceof InboxUnavailable) return { status: 503, message: "events are not accepted at present" };
  return { status: 500, message: "the event could not be taken over" };
}

function answer(response: ServerResponse, status: number, message: string): void {
  // After an unread body the connection cannot be used again.
  const unread = status === 413 ? { connection: "close" } : {};
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", ...unread })
    .end(`${JSON.stringify({ message })}\n`);
}
