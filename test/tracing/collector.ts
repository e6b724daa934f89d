import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { Message } from "./protobuf.ts";

type Attributes = Readonly<Record<string, string | number>>;

/** A span as it was sent. */
export interface SentSpan {
  readonly name: string;
  readonly trace: string;
  readonly id: string;
  /** "" for the first of a trace. */
  readonly parent: string;
  /** Ids of spans. */
  readonly links: readonly string[];
  readonly attributes: Attributes;
  /** Of what sent it. */
  readonly resource: Attributes;
  /** Nanoseconds. */
  readonly start: bigint;
  readonly end: bigint;
}

/** A collector of traces on this machine: what OpenTelemetry's protocol sends over HTTP in Protocol Buffers. */
export class Collector {
  readonly url: string;
  readonly spans: SentSpan[] = [];
  /** All that came, byte by byte. */
  text = "";
  connections = 0;

  private constructor(url: string) {
    this.url = url;
  }

  /** Listens until the test has ended. */
  static async start(): Promise<Collector> {
    const server = createServer(async (request, response) => {
      const body = await buffer(request);
      collector.text += body.toString("latin1");
      if (request.url === "/v1/traces") collector.spans.push(...spansIn(new Message(body)));
      response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    });
    server.on("connection", () => {
      collector.connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const collector = new Collector(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return collector;
  }

  /** The spans of a trace, as they began. */
  traceOf(span: SentSpan): SentSpan[] {
    return this.spans.filter(({ trace }) => trace === span.trace).sort((one, other) => Number(one.start - other.start));
  }

  named(name: string): SentSpan[] {
    return this.spans.filter((span) => span.name === name);
  }
}

// The numbers of fields are those of opentelemetry-proto, `collector/trace/v1/trace_service.proto` and `trace/v1/trace.proto`.
function spansIn(request: Message): SentSpan[] {
  return request.messages(1).flatMap((resourceSpans) => {
    const resource = attributesIn(resourceSpans.messages(1)[0]?.messages(1) ?? []);
    const spans = resourceSpans.messages(2).flatMap((scope) => scope.messages(2));
    return spans.map((span) => ({
      name: span.text(5),
      trace: span.hex(1),
      id: span.hex(2),
      parent: span.hex(4),
      links: span.messages(13).map((link) => link.hex(2)),
      attributes: attributesIn(span.messages(9)),
      resource,
      start: span.number(7) ?? 0n,
      end: span.number(8) ?? 0n,
    }));
  });
}

function attributesIn(pairs: readonly Message[]): Attributes {
  return Object.fromEntries(
    pairs.map((pair) => {
      const value = pair.messages(2)[0];
      const number = value?.number(3);
      return [pair.text(1), number === undefined ? (value?.text(1) ?? "") : Number(number)];
    }),
  );
}
