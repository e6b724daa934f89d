import { setTimeout as delay } from "node:timers/promises";
import { jsonResponse, type Layer, operationOf, target } from "./layer.ts";

/** How a call goes wrong. */
export interface Trouble {
  /** Answer with this instead. Default 500 with `after`, else the real answer. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Milliseconds before anything else happens. */
  readonly latencyMs?: number;
  /** Do what was asked first, then lose the answer. */
  readonly after?: boolean;
  /** Cut the connection instead of answering. */
  readonly closeSocket?: boolean;
}

/** What shall go wrong, and for which calls. */
export interface FaultSpec extends Trouble {
  /** Default: every method. */
  readonly method?: string;
  /** A whole path without query, or a pattern that is tried on path and query. */
  readonly path: RegExp | string;
  /** Of GraphQL, as its text begins: `mutation OpenRollback`. Default: every one. */
  readonly operation?: string | null;
  /** How many calls are hit; default all until the fault is removed. */
  readonly times?: number;
}

/** A call that has reached GitHub and is not carried out yet. */
export interface IncomingCall {
  readonly method: string;
  /** With the query, without the prefix of GitHub Enterprise Server. */
  readonly path: string;
  /** JSON of the body; undefined without one. */
  json(): Promise<unknown>;
  /** Of GraphQL, as its text begins: `mutation OpenRollback`; null for all else. */
  operation(): Promise<string | null>;
}

/** Decides of each call how it goes wrong; null: it does not. It may act first, as somebody who got there before. */
export type CallPolicy = (call: IncomingCall) => Trouble | null | Promise<Trouble | null>;

export interface Fault {
  /** Calls hit so far. */
  readonly hits: number;
  remove(): void;
}

/** Injects faults and latency. The first fault that matches a call is the one that hits it. */
export class Faults {
  /** Milliseconds added to every call. */
  latencyMs = 0;
  /** Asked about the calls that no fault hits. */
  policy: CallPolicy = () => null;
  readonly #active = new Set<ActiveFault>();

  add(spec: FaultSpec): Fault {
    const fault = new ActiveFault(spec, () => this.#active.delete(fault));
    this.#active.add(fault);
    return fault;
  }

  readonly layer: Layer = async (request, next) => {
    if (this.latencyMs > 0) await delay(this.latencyMs);
    const operation = this.#active.size === 0 ? null : await operationOf(request);
    const fault = [...this.#active].find((candidate) => candidate.matches(request, operation));
    if (fault) return fault.strike(request, next);
    const trouble = await this.policy(incoming(request));
    return trouble === null ? next(request) : suffer(trouble, request, next);
  };
}

class ActiveFault implements Fault {
  hits = 0;
  readonly remove: () => void;
  readonly #spec: FaultSpec;

  constructor(spec: FaultSpec, remove: () => void) {
    this.#spec = spec;
    this.remove = remove;
  }

  matches(request: Request, operation: string | null): boolean {
    const { method, path, operation: wanted } = this.#spec;
    if (method !== undefined && method.toUpperCase() !== request.method) return false;
    if (wanted !== undefined && wanted !== operation) return false;
    const whole = target(request);
    return typeof path === "string" ? whole.split("?", 1)[0] === path : path.test(whole);
  }

  async strike(request: Request, next: (request: Request) => Promise<Response>): Promise<Response> {
    const { times } = this.#spec;
    this.hits++;
    if (times !== undefined && this.hits >= times) this.remove();
    return suffer(this.#spec, request, next);
  }
}

async function suffer(
  { latencyMs, after, closeSocket, status, body, headers }: Trouble,
  request: Request,
  next: (request: Request) => Promise<Response>,
): Promise<Response> {
  if (latencyMs !== undefined) await delay(latencyMs);
  if (after) await next(request);
  if (closeSocket) throw new ConnectionCut("The test cuts this connection.");
  const wanted = status ?? (after ? 500 : undefined);
  if (wanted === undefined) return next(request);
  return jsonResponse(wanted, body ?? { message: "Injected by the test" }, headers);
}

function incoming(request: Request): IncomingCall {
  const json = async () => {
    const text = await request.clone().text();
    return text === "" ? undefined : JSON.parse(text);
  };
  return { method: request.method, path: target(request), json, operation: () => operationOf(request) };
}

/** Thrown through the layers, so that the log sees that no answer was given. */
class ConnectionCut extends Error {}

/** The outermost layer: turns a cut into a response that breaks off, upon which emulate's server destroys the socket. */
export const cutConnections: Layer = async (request, next) => {
  try {
    return await next(request);
  } catch (error) {
    if (!(error instanceof ConnectionCut)) throw error;
    return new Response(new ReadableStream({ pull: (controller) => controller.error(error) }));
  }
};
