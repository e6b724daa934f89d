import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { Json } from "./json.ts";

/** One webhook as it arrived. */
interface Received {
  readonly headers: IncomingHttpHeaders;
  /** The raw body: what the signature covers. */
  readonly body: string;
  readonly event: string;
  readonly payload: Json;
}

/** Stands where an app would listen, and keeps what arrives. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** What is answered; a test may change it. */
  status = 200;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        const { headers } = request;
        const event = String(headers["x-github-event"]);
        receiver.received.push({ headers, body, event, payload: JSON.parse(body) });
        response.writeHead(receiver.status).end();
      });
    });
    const receiver = new WebhookReceiver(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return receiver;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The receiver does not listen.");
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Payloads of one event, in the order of their arrival. */
  payloads(event: string): Json[] {
    return this.received.filter((webhook) => webhook.event === event).map((webhook) => webhook.payload);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
