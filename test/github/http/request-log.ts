import type { EmulatorAuthUser } from "../emulator.ts";
import { type Layer, operationOf, target } from "./layer.ts";

type AuthorizationKind = "none" | "app" | "installation" | "user";

/** One call that came over HTTP. Times in milliseconds of `performance.now()`. */
export interface LoggedCall {
  readonly method: string;
  /** With the query, without the prefix of GitHub Enterprise Server. */
  readonly path: string;
  /** Of GraphQL, the operation as its text begins, such as `mutation OpenRollback`; null for all else. */
  readonly operation: string | null;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The host by which GitHub was addressed: tells callers apart that were given different names for it. */
  readonly host: string;
  readonly authorization: AuthorizationKind;
  /** Login of who acted, an installation as its bot; null for the app itself, for no token and for an unknown one. */
  readonly actor: string | null;
}

/** Every call over HTTP, in the order of their ends. Calls inside the process (people acting) are not in it. */
export class RequestLog {
  readonly calls: LoggedCall[] = [];
  readonly #tokens: ReadonlyMap<string, EmulatorAuthUser>;
  readonly #botLogin: string;

  constructor(tokens: ReadonlyMap<string, EmulatorAuthUser>, botLogin: string) {
    this.#tokens = tokens;
    this.#botLogin = botLogin;
  }

  readonly layer: Layer = async (request, next) => {
    const startedAt = performance.now();
    const { host } = new URL(request.url);
    const operation = await operationOf(request);
    const [method, path, who] = [request.method, target(request), this.#who(request)];
    let status = 0;
    try {
      const response = await next(request);
      status = response.status;
      return response;
    } finally {
      this.calls.push({ method, path, operation, status, startedAt, endedAt: performance.now(), host, ...who });
    }
  };

  #who(request: Request): Pick<LoggedCall, "authorization" | "actor"> {
    const token = tokenOf(request);
    if (token === "") return { authorization: "none", actor: null };
    if (token.startsWith("eyJ")) return { authorization: "app", actor: null };
    const user = this.#tokens.get(token);
    const authorization = token.startsWith("ghs_") ? "installation" : "user";
    return { authorization, actor: user?.installation ? this.#botLogin : (user?.login ?? null) };
  }
}

/** The token of a request, "" without one. */
export function tokenOf(request: Request): string {
  return (request.headers.get("authorization") ?? "").replace(/^(bearer|token)\s+/i, "").trim();
}
