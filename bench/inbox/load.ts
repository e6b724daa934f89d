import { createHmac } from "node:crypto";
import { connect, type Socket } from "node:net";

/** How many webhooks were answered, and how long each took, in milliseconds. */
export interface Load {
  readonly answered: number;
  readonly refused: number;
  readonly seconds: number;
  readonly latencies: readonly number[];
}

interface LoadSpec {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  readonly secret: string;
  readonly body: string;
}

let deliveries = 0;

/**
 * Sends one signed webhook after the other over each of several connections, each with a delivery id of its own. It speaks
 * HTTP over plain sockets: a client library would cost more than the servers that are measured.
 */
export async function sendWebhooks({ port, connections, seconds, secret, body }: LoadSpec): Promise<Load> {
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const tail = `\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const head = [
    "POST /api/github/webhooks HTTP/1.1",
    "host: 127.0.0.1",
    "content-type: application/json",
    "x-github-event: workflow_run",
    `x-hub-signature-256: sha256=${signature}`,
    "x-github-delivery: ",
  ].join("\r\n");
  const run = new Connections(Date.now() + seconds * 1000, () => `${head}00000000-0000-4000-8000-${id()}${tail}`);
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: connections }, () => run.open(port)));
  return { ...run.result(), seconds: (performance.now() - startedAt) / 1000 };
}

function id(): string {
  deliveries += 1;
  return deliveries.toString(16).padStart(12, "0");
}

class Connections {
  readonly #until: number;
  readonly #request: () => string;
  readonly #latencies: number[] = [];
  #refused = 0;

  constructor(until: number, request: () => string) {
    this.#until = until;
    this.#request = request;
  }

  result(): Pick<Load, "answered" | "refused" | "latencies"> {
    return { answered: this.#latencies.length, refused: this.#refused, latencies: this.#latencies };
  }

  /** Resolves when the time is up and the last answer has come. */
  open(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let [received, sentAt] = ["", 0];
      const send = () => {
        sentAt = performance.now();
        socket.write(this.#request());
      };
      socket.setEncoding("latin1").once("connect", send).once("error", reject);
      socket.on("data", (chunk) => {
        received += chunk;
        const length = answerLength(received);
        if (length === null || received.length < length) return;
        this.#count(received, sentAt);
        received = received.slice(length);
        if (Date.now() < this.#until) send();
        else end(socket, resolve);
      });
    });
  }

  #count(answer: string, sentAt: number): void {
    this.#latencies.push(performance.now() - sentAt);
    if (!answer.startsWith("HTTP/1.1 20")) this.#refused += 1;
  }
}

/** The length of the first answer in a text, head and body; null while it cannot be told. */
function answerLength(text: string): number | null {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return null;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, head))?.[1];
  if (length !== undefined) return head + 4 + Number(length);
  const last = text.indexOf("0\r\n\r\n", head);
  return last === -1 ? null : last + 5;
}

function end(socket: Socket, resolve: () => void): void {
  socket.once("close", () => resolve()).destroy();
}
