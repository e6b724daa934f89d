import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Intake, receiveWebhook, WEBHOOK_PATH } from "./webhook.ts";

/** The text of `/metrics` and its content type. */
export type MetricsText = () => Promise<{ readonly contentType: string; readonly text: string }>;

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly intake: Intake;
  /** Answers whatever else is asked for: the pages for people. */
  readonly pages?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** The text of `/metrics` and its content type; null where they are served elsewhere. */
  readonly metrics: MetricsText | null;
}

// A sender that trickles its request in holds a connection, never more than this long.
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;

/** The HTTP server of the process contract: webhooks, `/live`, `/ready` and `/metrics`. */
export class WebServer {
  readonly #settings: ServerSettings;
  readonly #server: Server;
  readonly #unanswered = new Set<ServerResponse>();

  constructor(settings: ServerSettings) {
    this.#settings = settings;
    this.#server = createServer((request, response) => {
      this.#unanswered.add(response);
      response.once("close", () => this.#unanswered.delete(response));
      this.#route(request, response).catch((error) => {
        settings.intake.log.error({ err: error, url: request.url }, "request failed");
        send(response, 500, "text/plain", "failed\n");
      });
    });
    this.#server.headersTimeout = HEADERS_TIMEOUT;
    this.#server.requestTimeout = REQUEST_TIMEOUT;
  }

  /** Listens; resolves with the port, chosen by the system when it was 0. Rejects when the address cannot be had. */
  async listen(): Promise<number> {
    const { host, port } = this.#settings;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Accepts no more connections and resolves when the last answer is sent. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A connection that is kept alive after its answer would hold the process until its time is up.
    for (const response of this.#unanswered) response.shouldKeepAlive = false;
    this.#server.closeIdleConnections();
    await closed;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? "/").split("?", 1);
    switch (`${request.method} ${path}`) {
      case `POST ${WEBHOOK_PATH}`:
        return receiveWebhook(request, response, this.#settings.intake);
      case "GET /live":
        return send(response, 200, "text/plain", "live\n");
      case "GET /ready":
        return this.#settings.intake.inbox.isOpen()
          ? send(response, 200, "text/plain", "ready\n")
          : send(response, 503, "text/plain", "events are not accepted at present\n");
      case "GET /metrics":
        return sendMetrics(response, this.#settings.metrics);
      default:
        return this.#settings.pages === undefined
          ? send(response, 404, "text/plain", "not found\n")
          : this.#settings.pages(request, response);
    }
  }
}

async function sendMetrics(response: ServerResponse, metrics: MetricsText | null): Promise<void> {
  if (metrics === null) return send(response, 404, "text/plain", "not here: METRICS_ADDRESS says where\n");
  const { contentType, text } = await metrics();
  send(response, 200, contentType, text);
}

/** Serves `/metrics` and nothing else; resolves with the server and its port. */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  metrics: MetricsText,
): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((request, response) => {
    const isAsked = request.method === "GET" && request.url?.split("?", 1)[0] === "/metrics";
    if (!isAsked) return send(response, 404, "text/plain", "not found\n");
    sendMetrics(response, metrics).catch(() => send(response, 500, "text/plain", "failed\n"));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

function send(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { "content-type": contentType, "x-content-type-options": "nosniff" }).end(text);
}
