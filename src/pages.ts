import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Environment } from "./config/environment.ts";
import type { Instant } from "./domain/instant.ts";
import type { Services } from "./events/services.ts";
import type { createOctokitClass } from "./github/octokit.ts";
import type { Viewing } from "./view/viewing.ts";

interface PagesSettings {
  readonly Octokit: ReturnType<typeof createOctokitClass>;
  readonly log: Logger;
  readonly now: () => Instant;
}

/**
 * The pages for people as the process has them: what they need is loaded when the first one is asked for, so that a process
 * that nobody looks at starts as fast and stays as small as before.
 */
export class Pages {
  readonly #environment: Environment;
  readonly #settings: PagesSettings;
  readonly #closing = new AbortController();
  #services: Services | null = null;
  #listener: Promise<RequestListener> | null = null;

  constructor(environment: Environment, settings: PagesSettings) {
    this.#environment = environment;
    this.#settings = settings;
  }

  /** From now on there is something to show. */
  show(services: Services): void {
    this.#services = services;
  }

  /** Something has happened in the repository of a lane. */
  changed(lane: string): void {
    this.#services?.board.changed(lane);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const services = this.#services;
    if (services === null) {
      response.writeHead(503, { "content-type": "text/plain" }).end("starting\n");
      return;
    }
    this.#listener ??= this.#load(services);
    const listener = await this.#listener;
    listener(request, response);
  }

  /** Lets go of whoever waits for changes. */
  close(): void {
    this.#closing.abort();
    this.#services?.board.close();
  }

  async #load(services: Services): Promise<RequestListener> {
    const [{ getRequestListener }, { createSite }, viewing] = await Promise.all([
      import("@hono/node-server"),
      import("./web/page/site.ts"),
      this.#viewing(services),
    ]);
    const { publicUrl, privateKey } = this.#environment;
    const { now, log } = this.#settings;
    const site = createSite({ viewing, publicUrl, secret: privateKey, now, log });
    return getRequestListener(site.fetch, { overrideGlobalObjects: false });
  }

  async #viewing(services: Services): Promise<Viewing | null> {
    const { signIn, baseUrl } = this.#environment;
    if (signIn === null) return null;
    const [{ Access }, { viewingWith }] = await Promise.all([import("./view/access.ts"), import("./view/viewing.ts")]);
    const { Octokit, now, log } = this.#settings;
    const octokitOfViewer = (token: string) =>
      new Octokit({ auth: { token }, log, ...(baseUrl === null ? {} : { baseUrl }) });
    const access = new Access({ octokitOfViewer, octokitOf: services.octokitOf, now });
    return viewingWith(signIn, { access, board: services.board, octokitOfViewer, closing: this.#closing.signal });
  }
}
