import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { TRUSTED } from "./certificates.ts";

/** An https server on 127.0.0.1 (or another address of the loopback network) that does as a test says. */
export interface LoopbackServer extends AsyncDisposable {
  readonly port: number;
  /** How many requests it was asked. */
  readonly asked: () => number;
}

/** Starts one that shows a certificate for every name below `files.example`. */
export async function loopbackServer(
  answer: RequestListener,
  { certificate = TRUSTED, address = "127.0.0.1", port = 0 } = {},
): Promise<LoopbackServer> {
  let asked = 0;
  const server = createServer(certificate, (request, response) => {
    asked += 1;
    // Whoever refuses an answer breaks the connection off.
    response.on("error", () => {});
    answer(request, response);
  });
  server.listen(port, address);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
