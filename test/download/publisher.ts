import type { RequestListener } from "node:http";
import tls from "node:tls";
import type { Reach } from "../../src/download/public-address.ts";
import { TRUSTED } from "./certificates.ts";
import { loopbackServer } from "./loopback-server.ts";

/** What downloads reach where publishers are servers on this machine, whatever their names. */
export const REACH: Reach = {
  isAllowed: (address) => address === "127.0.0.1",
  resolve: async () => [{ address: "127.0.0.1", family: 4 }],
};

/** A server of files; what it holds may change at any time. */
export async function publisher(files: Readonly<Record<string, string>>) {
  const held: Record<string, string> = { ...files };
  const answer: RequestListener = ({ url = "" }, response) => {
    const text = held[url];
    if (text === undefined) response.writeHead(404).end();
    else response.end(text);
  };
  const server = await loopbackServer(answer);
  return { server, files: held, base: `https://files.files.example:${server.port}` };
}

/** Has this process trust the certificates of such servers; returns what ends that. */
export function trustPublishers(): () => void {
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, TRUSTED.cert]);
  return () => tls.setDefaultCACertificates(before);
}
