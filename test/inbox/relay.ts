import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Stands between an inbox and its database, as the network does: it can be cut, or swallow what is sent. */
export class Relay {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;
  #isSilent = false;

  constructor(url: string) {
    this.#target = new URL(url);
  }

  /** The URL of the database by way of the relay. */
  get url(): string {
    const url = new URL(this.#target);
    url.host = `127.0.0.1:${this.#port}`;
    return url.href;
  }

  /** Reserves a port, at which nobody listens yet. */
  async reserve(): Promise<this> {
    await this.mend();
    this.cut();
    return this;
  }

  async mend(): Promise<void> {
    this.#isSilent = false;
    this.#server = createServer((client) => this.#join(client)).listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections and refuses new ones. */
  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Connections stay, and nothing comes through any more. */
  swallow(): void {
    this.#isSilent = true;
  }

  /** What was swallowed is lost with its connections. */
  recover(): void {
    this.#isSilent = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port || 5432), this.#target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (chunk) => void (this.#isSilent || to.write(chunk)));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
