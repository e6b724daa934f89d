import { loopbackServer } from "../test/download/loopback-server.ts";

/** Whoever publishes what the recipes of a play download: files whose content may change at any time. */
export interface Publisher extends AsyncDisposable {
  /** The address of a file at one of its hosts. */
  url(host: string, path: string): string;
  /** Gives a file this content from now on; null takes it away. */
  publish(path: string, content: string | null): void;
  /** Where all of its hosts listen. */
  readonly port: number;
  /** What happens from now on when a file is asked for, before it is given. */
  onAsked(before: (path: string) => Promise<void>): void;
}

/** Starts one whose hosts are names below `files.example`. */
export async function startPublisher(): Promise<Publisher> {
  const files = new Map<string, string>();
  let before = async (_path: string) => {};
  const server = await loopbackServer(async ({ url = "" }, response) => {
    await before(url);
    const content = files.get(url);
    if (content === undefined) response.writeHead(404).end();
    else response.end(content);
  });
  return {
    port: server.port,
    url: (host, path) => `https://${host}.files.example:${server.port}${path}`,
    publish: (path, content) => {
      if (content === null) files.delete(path);
      else files.set(path, content);
    },
    onAsked: (happens) => {
      before = happens;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
