import { createHash } from "node:crypto";
import PQueue from "p-queue";
import { Agent, type Dispatcher, request } from "undici";
import { guardedLookup, literalAddress, NotPublic, PUBLIC_INTERNET, type Reach } from "./public-address.ts";
import { type RefusalName, Refused, refusalOf } from "./refusal.ts";

/** What a download may take at most. */
export interface DownloadLimits {
  readonly bytes: number;
  /** For all of it, redirects included, in milliseconds. */
  readonly time: number;
  readonly redirects: number;
}

/** What became of a download. A refusal is an answer, not a failure: it says by which rule, and more exactly why. */
export type Download<Content> =
  | { readonly kind: "downloaded"; readonly content: Content; readonly bytes: number; readonly host: string }
  | { readonly kind: "refused"; readonly why: RefusalName; readonly detail: string };

/** A hash that files are published with. */
export type HashName = "sha256" | "sha512";

/** Downloads at once in one process. */
const AT_ONCE = 2;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Downloads from anywhere on the public internet as from an enemy: https only, public addresses only, at every redirect and
 * by the very address that is connected to; bounded in bytes, time, redirects and number; streamed through a hash and never
 * kept, unpacked or run. Nothing of this can be changed by settings.
 */
export class Downloader {
  readonly #reach: Reach;
  readonly #queue = new PQueue({ concurrency: AT_ONCE });
  readonly #closing = new AbortController();

  /** @param reach what is reached in place of the public internet, in tests */
  constructor(reach: Reach = PUBLIC_INTERNET) {
    this.#reach = reach;
  }

  /** The hash of what is at an address, in lower case hexadecimal digits. */
  hash(address: string, name: HashName, limits: DownloadLimits): Promise<Download<string>> {
    return this.#queued(async () => {
      const hash = createHash(name);
      const { bytes, host } = await this.#stream(address, limits, (chunk) => hash.update(chunk));
      return { kind: "downloaded", content: hash.digest("hex"), bytes, host };
    });
  }

  /** A text that is short: all of it is kept in memory, up to the limit. What is no UTF-8 becomes replacement characters. */
  text(address: string, limits: DownloadLimits): Promise<Download<string>> {
    return this.#queued(async () => {
      const chunks: Uint8Array[] = [];
      const { bytes, host } = await this.#stream(address, limits, (chunk) => chunks.push(chunk));
      return { kind: "downloaded", content: Buffer.concat(chunks).toString("utf8"), bytes, host };
    });
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#closing.abort(new Error("the process stops"));
  }

  async #queued<Content>(work: () => Promise<Download<Content>>): Promise<Download<Content>> {
    try {
      return await this.#queue.add(work);
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      const { why, message } = refusalOf(error);
      return { kind: "refused", why, detail: message };
    }
  }

  /** Follows redirects by hand, each with a connection of its own, and gives the body away chunk by chunk. */
  async #stream(address: string, limits: DownloadLimits, take: (chunk: Uint8Array) => void) {
    const signal = AbortSignal.any([AbortSignal.timeout(limits.time), this.#closing.signal]);
    await using agent = agentFor(this.#reach, limits);
    let url = this.#reachable(address, null);
    for (let redirects = 0; ; redirects += 1) {
      const response = await request(url, { dispatcher: agent, signal, headers: HEADERS });
      // Whatever is left unread is broken off, and an error that nobody listens to would end the process.
      response.body.on("error", () => {});
      if (!REDIRECTS.has(response.statusCode)) {
        return { bytes: await readBody(response, limits, take), host: url.hostname };
      }
      response.body.destroy();
      if (redirects >= limits.redirects) throw new Refused("too-many-redirects", `more than ${limits.redirects}`);
      url = this.#reachable(String(response.headers.location ?? ""), url);
    }
  }

  /** An address that may be asked, as far as can be told before its name is resolved. */
  #reachable(address: string, base: URL | null): URL {
    const url = URL.parse(address, base ?? undefined);
    if (url === null) throw new Refused("bad-address", "it is no address");
    if (url.protocol !== "https:") throw new Refused("not-https", `${url.protocol.slice(0, -1)} is not https`);
    if (url.username !== "" || url.password !== "") throw new Refused("bad-address", "it has a password in it");
    // A connection to a literal address asks no resolver.
    const literal = literalAddress(url);
    if (literal !== null && !this.#reach.isAllowed(literal)) throw new NotPublic(literal, literal);
    return url;
  }
}

// Nothing compressed on the way: what is hashed is what is published.
const HEADERS = { "accept-encoding": "identity", "user-agent": "batchkeeper", connection: "close" };

function agentFor(reach: Reach, { time }: DownloadLimits): Agent & AsyncDisposable {
  const agent = new Agent({
    allowH2: false,
    pipelining: 0,
    connections: 1,
    headersTimeout: time,
    bodyTimeout: time,
    maxHeaderSize: 16_384,
    connect: { lookup: guardedLookup(reach), timeout: time, allowH2: false },
  });
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.destroy() });
}

async function readBody(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  limits: DownloadLimits,
  take: (chunk: Uint8Array) => void,
): Promise<number> {
  if (statusCode !== 200) throw new Refused("http-status", `the server answered ${statusCode}`);
  const encoding = String(headers["content-encoding"] ?? "identity");
  if (encoding !== "identity") throw new Refused("encoded", `the server compressed it, although it was told not to`);
  const promised = headers["content-length"] === undefined ? null : Number(headers["content-length"]);
  if (promised !== null && promised > limits.bytes) throw tooLarge(limits);
  let bytes = 0;
  const counted = (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > limits.bytes) throw tooLarge(limits);
    take(chunk);
  };
  const brokenOff = await drain(body, counted);
  if (!brokenOff && (promised === null || bytes === promised)) return bytes;
  const of = promised === null ? "" : ` of ${promised}`;
  throw new Refused("wrong-length", `it ended after ${bytes} bytes${of}`);
}

/** Whether the body broke off; what is wrong with it by another rule is thrown. */
async function drain(body: AsyncIterable<Uint8Array>, take: (chunk: Uint8Array) => void): Promise<boolean> {
  try {
    for await (const chunk of body) take(chunk);
    return false;
  } catch (error) {
    if (refusalOf(error).why === "unreachable") return true;
    throw error;
  }
}

function tooLarge({ bytes }: DownloadLimits): Refused {
  return new Refused("too-large", `more than ${bytes} bytes`);
}
