import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { parseTraceParent } from "@opentelemetry/core";
import type { TracingEnvironment } from "../config/tracing-environment.ts";
import type { Delivery, Handled, Waiting } from "../inbox/inbox.ts";
import { type ExportLog, exportSpans } from "./span-export.ts";
import type { Tracing } from "./tracing.ts";

/** What following events needs of the process. */
interface OpenTelemetrySettings {
  readonly environment: TracingEnvironment;
  /** Where GitHub's API is. */
  readonly github: URL;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: ExportLog;
}

/**
 * Follows events as spans. What is done for one webhook belongs to the trace that its arrival began, also after a restart,
 * because the context of the trace waits with the delivery; what is done for several at once is a trace of its own, linked
 * to theirs. Names and attributes are those of OpenTelemetry's semantic conventions (HTTP, messaging, GraphQL), as far as
 * they have one; `url.full` is left out, because addresses name people, branches and files.
 */
export class OpenTelemetry implements Tracing {
  readonly #settings: OpenTelemetrySettings;
  readonly #tracer: Tracer;
  readonly #server: Attributes;
  readonly #current = new AsyncLocalStorage<Span>();
  readonly close: () => Promise<void>;

  constructor(settings: OpenTelemetrySettings) {
    const { environment, github, log } = settings;
    this.#settings = settings;
    const { tracer, close } = exportSpans(environment, log);
    this.#tracer = tracer;
    this.close = close;
    const port = Number(github.port) || (github.protocol === "https:" ? 443 : 80);
    this.#server = { "server.address": github.hostname, "server.port": port };
  }

  arrival({ id, event, lane }: Delivery, route: string, arrivedAt: number): ReturnType<Tracing["arrival"]> {
    const span = this.#tracer.startSpan(
      `POST ${route}`,
      {
        kind: SpanKind.SERVER,
        startTime: new Date(arrivedAt),
        attributes: {
          "http.request.method": "POST",
          "http.route": route,
          ...OF_INBOX,
          "messaging.destination.partition.id": lane,
          "messaging.message.id": id,
          "batchkeeper.event": event,
        },
      },
      ROOT_CONTEXT,
    );
    return {
      trace: printContext(span.spanContext()),
      end: (status) => {
        span.setAttribute("http.response.status_code", status);
        this.#end(span, status >= 500 ? String(status) : null);
      },
    };
  }

  batch(lane: string, waiting: readonly Waiting[], handle: () => Promise<Handled>): Promise<Handled> {
    const startedAt = this.#settings.now();
    const { only, links } = tracesOf(waiting);
    const span = this.#tracer.startSpan(
      `process ${INBOX}`,
      {
        kind: SpanKind.CONSUMER,
        startTime: new Date(startedAt),
        links,
        attributes: {
          ...OF_INBOX,
          "messaging.operation.name": "process",
          "messaging.operation.type": "process",
          "messaging.destination.partition.id": lane,
          "messaging.batch.message_count": waiting.length,
        },
      },
      within(only),
    );
    const work = async () => {
      const handled = await handle();
      this.#tellWaits(waiting, handled, span.spanContext(), startedAt);
      return handled;
    };
    return this.#follow(span, work, () => null);
  }

  attempt<Failure extends { readonly kind: string }>(
    deliveries: readonly Waiting[],
    work: () => Promise<Failure | null>,
  ): Promise<Failure | null> {
    const batch = this.#current.getStore()?.spanContext() ?? null;
    const { only, links } = tracesOf(deliveries);
    // One of several keeps the trace of its own webhook.
    const isApart = only !== null && batch !== null && only.traceId !== batch.traceId;
    const span = this.#tracer.startSpan(
      `handle ${oneOf(deliveries.map(({ event }) => event)) ?? "events"}`,
      {
        startTime: this.#time(),
        links: isApart ? [{ context: batch }] : links,
        attributes: {
          "messaging.batch.message_count": deliveries.length,
          ...(deliveries.length === 1 ? { "messaging.message.id": deliveries[0]?.id } : {}),
        },
      },
      within(isApart ? only : batch),
    );
    return this.#follow(span, work, (failure) => failure?.kind ?? null);
  }

  call(method: string, status: number, { route, operation, startedAt }: Parameters<Tracing["call"]>[2]): void {
    const parent = this.#current.getStore();
    // What is read for a page, or goes on when all is done, is the effect of no event.
    if (parent?.isRecording() !== true) return;
    const span = this.#tracer.startSpan(
      [method, route, operation?.name].filter(Boolean).join(" "),
      {
        kind: SpanKind.CLIENT,
        startTime: new Date(startedAt),
        attributes: {
          ...this.#server,
          "http.request.method": method,
          "url.template": route,
          ...(status === 0 ? {} : { "http.response.status_code": status }),
          ...(operation === null
            ? {}
            : { "graphql.operation.type": operation.type, "graphql.operation.name": operation.name }),
        },
      },
      within(parent.spanContext()),
    );
    this.#end(span, status === 0 ? "no answer" : status >= 400 ? String(status) : null);
  }

  async #follow<T>(span: Span, work: () => Promise<T>, failureIn: (result: T) => string | null): Promise<T> {
    try {
      const result = await this.#current.run(span, work);
      this.#end(span, failureIn(result));
      return result;
    } catch (error) {
      this.#end(span, "fault");
      throw error;
    }
  }

  /** How long each waited before it was tried for the first time. */
  #tellWaits(waiting: readonly Waiting[], { later }: Handled, batch: SpanContext, until: number): void {
    const postponed = new Set(later.map(({ id }) => id));
    for (const delivery of waiting) {
      const arrival = contextOf(delivery);
      if (arrival === null || delivery.attempts > 0 || postponed.has(delivery.id)) continue;
      const links = arrival.traceId === batch.traceId ? [] : [{ context: batch }];
      const startTime = new Date(delivery.acceptedAt);
      this.#tracer.startSpan(`wait ${INBOX}`, { startTime, links }, within(arrival)).end(new Date(until));
    }
  }

  #end(span: Span, failure: string | null): void {
    if (failure !== null) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", failure);
    span.end(this.#time());
  }

  // As a Date: what is earlier than the start of the process would be taken for a time since that start.
  #time(): Date {
    return new Date(this.#settings.now());
  }
}

const INBOX = "inbox";
const OF_INBOX = { "messaging.system": "batchkeeper", "messaging.destination.name": INBOX };

function within(parent: SpanContext | null): Context {
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}

function contextOf({ trace: stored }: Delivery): SpanContext | null {
  const context = parseTraceParent(stored ?? "");
  return context === null ? null : { ...context, isRemote: true };
}

/** As W3C's Trace Context has it. */
function printContext({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

/** The trace that the only one of deliveries belongs to, or links to those of several. */
function tracesOf(deliveries: readonly Delivery[]): { readonly only: SpanContext | null; readonly links: Link[] } {
  const contexts = deliveries.flatMap((delivery) => contextOf(delivery) ?? []);
  const [only = null] = contexts;
  return deliveries.length === 1
    ? { only, links: [] }
    : { only: null, links: contexts.map((context) => ({ context })) };
}

/** What all are; null when they differ. */
function oneOf(texts: readonly string[]): string | null {
  const different = new Set(texts);
  return different.size === 1 ? (texts[0] ?? null) : null;
}
