import { ProbotOctokit } from "probot";
import { SECOND } from "../domain/instant.ts";
import { failureInside, isLostAnswer, RateLimited, rateLimitWait, statusOf } from "./failure.ts";
import { type Urgency, WriteLanes } from "./pacing.ts";

/** Octokit as Probot configures it, with this app's own pacing and retries instead of the bundled ones. */
export type Octokit = ProbotOctokit;

/** How the client waits and what it tells: replaced by tests and benchmarks that need a clock of their own. */
export interface ClientSettings {
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
  /** Told of every call as it ends; status 0 when there was no answer. */
  readonly count: (method: string, status: number, call: CountedCall) => void;
  /** Told of every call that is tried again, and why. */
  readonly retried?: (why: Exclude<Recovery["kind"], "give-up">) => void;
}

/** What is told of a call beside its method and status. */
interface CountedCall {
  /** As GitHub documents it, `/repos/{owner}/{repo}/issues`: never an address with names in it. */
  readonly route: string;
  /** The operation of a GraphQL call, by the name that its text gives it; null for others. */
  readonly operation: { readonly type: string; readonly name: string } | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Null for calls of the app itself and of people. */
  readonly installation: number | null;
  /** What GitHub says is left of a rate limit; null when it does not say. */
  readonly limit: { readonly resource: string; readonly remaining: number } | null;
}

/** What tells a read from a write. */
interface RequestOptions {
  readonly method: string;
  readonly url: string;
  readonly query?: unknown;
}

// A call that has not been answered by then is treated as lost; GitHub itself ends calls after ten seconds.
const CALL_TIMEOUT = 20 * SECOND;
const READ_BACKOFF = 250;
// Longer waits are handed back to the caller: an operator is better told at once than answered in half an hour.
const LONGEST_WAIT = 90 * SECOND;
const MOST_TRIES = 3;

/**
 * The Octokit class of this app.
 *
 * Probot's bundled retry sends a failed compare-and-swap again with the same stale sha and repeats POSTs that had their
 * effect; its throttle spaces writes of all installations together one to three seconds apart. Both are switched off.
 * Instead: reads are retried with full jitter; writes are sent once, because only their caller can look for the effect;
 * a rate limit is waited for as GitHub asks, per installation; an expired token is replaced once.
 */
export function createOctokitClass(settings: ClientSettings): typeof ProbotOctokit {
  const lanes = new Map<number, WriteLanes>();
  const rests = new Rests(settings);
  const Paced = ProbotOctokit.plugin((octokit, options) => {
    octokit.hook.wrap("request", (send, request) => {
      const installation = installationOf(options);
      const once = async () => {
        await rests.over(installation);
        const call = async () => trulyAnswered(await send(withTimeout(request)), request);
        return countedCall(call, { ...request, installation }, settings);
      };
      const renew = async () => {
        await rests.over(installation);
        await octokit.auth({ type: "installation", refresh: true });
      };
      const heeding =
        <T>(call: () => Promise<T>) =>
        () =>
          call().catch((error) => rests.heed(installation, error));
      const patiently = () => sendPatiently({ send: heeding(once), renew: heeding(renew) }, request, settings);
      if (installation === null || isRead(request)) return patiently();
      const lane = lanes.getOrInsertComputed(installation, () => new WriteLanes());
      const urgency: Urgency = request.request?.urgency ?? "housekeeping";
      return lane.run(urgency, patiently);
    });
  });
  // A plain object here would be overridden by Probot's own defaults; only a function reaches the throttle plugin.
  return Paced.defaults((defaults: { throttle?: object } & Authentication) => ({
    ...defaults,
    retry: { enabled: false },
    throttle: { ...defaults.throttle, enabled: false },
    auth: authAt(defaults),
  }));
}

/** Until when GitHub wants to hear nothing from an installation, or from the app itself (null). */
class Rests {
  readonly #settings: ClientSettings;
  readonly #until = new Map<number | null, number>();

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * Resolves when calls may be sent again.
   * @throws {RateLimited} when that takes longer than anybody should be kept waiting.
   */
  async over(installation: number | null): Promise<void> {
    const until = this.#until.get(installation) ?? 0;
    const left = until - this.#settings.now();
    if (left > LONGEST_WAIT) throw new RateLimited(until);
    if (left > 0) await this.#settings.sleep(left);
  }

  /** Remembers what a rate limit asks for, and passes the error on: what else is under way finds it out without a call. */
  heed(installation: number | null, error: unknown): never {
    const now = this.#settings.now();
    const limit = rateLimitWait(error, now);
    if (limit !== null) this.#until.set(installation, now + limit);
    throw error;
  }
}

interface Authentication {
  readonly auth?: { readonly request?: ProbotOctokit["request"] };
  readonly baseUrl?: string;
}

/** Probot would renew a token at api.github.com whatever the base URL is; on GitHub Enterprise Server that is nobody's. */
function authAt({ auth, baseUrl }: Authentication): Authentication["auth"] {
  return auth?.request === undefined || baseUrl === undefined
    ? auth
    : { ...auth, request: auth.request.defaults({ baseUrl }) };
}

function withTimeout<R extends { readonly request?: object }>(request: R): R {
  return { ...request, request: { ...request.request, signal: AbortSignal.timeout(CALL_TIMEOUT) } };
}

/** GraphQL answers 200 when it could not answer; what is no answer is thrown like its counterpart in REST. */
function trulyAnswered<T>(response: T, request: RequestOptions): T {
  const failure = isGraphql(request) ? failureInside(response) : null;
  if (failure !== null) throw failure;
  return response;
}

async function countedCall<T extends { readonly status: number; readonly headers: object }>(
  send: () => Promise<T>,
  { method, url, query, installation }: RequestOptions & { readonly installation: number | null },
  { count, now }: ClientSettings,
): Promise<T> {
  // A hook may fill the address in while the call is made.
  const call = { route: routeOf(url), operation: operationOf({ url, query }), startedAt: now(), installation };
  try {
    const response = await send();
    count(method, response.status, { ...call, limit: limitOf(response.headers) });
    return response;
  } catch (error) {
    count(method, statusOf(error) ?? 0, { ...call, limit: null });
    throw error;
  }
}

/**
 * The documented form of an address. Those of lists that are read page by page are whole: there the names and numbers are
 * taken out, which no such list has elsewhere than here.
 */
function routeOf(url: string): string {
  if (isGraphql({ url })) return "/graphql";
  if (url.startsWith("/")) return url;
  const path = URL.parse(url)?.pathname ?? "";
  return path
    .replace(/^\/api\/v3(?=\/)/, "")
    .replace(/^\/(repos\/[^/]+\/[^/]+|repositories\/\d+)(?=\/)/, "/repos/{owner}/{repo}")
    .replaceAll(/\/\d+(?=\/|$)/g, "/{id}");
}

function limitOf(headers: object): CountedCall["limit"] {
  const [resource, remaining] = ["x-ratelimit-resource", "x-ratelimit-remaining"].map((name) =>
    Reflect.get(headers, name),
  );
  if (resource === undefined || remaining === undefined) return null;
  return { resource: String(resource), remaining: Number(remaining) };
}

/** What a failed call did so far: each way of recovering is bounded by its own count. */
interface Tries {
  readonly reads: number;
  readonly limits: number;
  readonly renewals: number;
}

type Recovery =
  | { readonly kind: "wait"; readonly milliseconds: number; readonly tries: Tries }
  /** The next call waits by itself until GitHub wants to hear from the installation again. */
  | { readonly kind: "rest"; readonly tries: Tries }
  | { readonly kind: "renew-token"; readonly tries: Tries }
  | { readonly kind: "give-up" };

/** A call, and how its token is renewed, which may fail like any call. */
interface Calls<T> {
  readonly send: () => Promise<T>;
  readonly renew: () => Promise<void>;
}

async function sendPatiently<T>(
  { send, renew }: Calls<T>,
  request: RequestOptions,
  settings: ClientSettings,
): Promise<T> {
  let tries: Tries = { reads: 0, limits: 0, renewals: 0 };
  let isTokenStale = false;
  for (;;) {
    try {
      if (isTokenStale) await renew();
      isTokenStale = false;
      return await send();
    } catch (error) {
      // What failed with a stale token was the renewal, which may be repeated like a read.
      const recovery = recoveryFrom(error, isTokenStale || isRead(request), tries, settings);
      if (recovery.kind === "give-up") throw error;
      settings.retried?.(recovery.kind);
      if (recovery.kind === "wait") await settings.sleep(recovery.milliseconds);
      if (recovery.kind === "renew-token") isTokenStale = true;
      tries = recovery.tries;
    }
  }
}

function recoveryFrom(error: unknown, isRepeatable: boolean, tries: Tries, { now, random }: ClientSettings): Recovery {
  // GitHub refuses a limited call before it has any effect, so that even a write may be sent again.
  const limit = rateLimitWait(error, now());
  if (limit !== null && limit <= LONGEST_WAIT && tries.limits < MOST_TRIES) {
    return { kind: "rest", tries: { ...tries, limits: tries.limits + 1 } };
  }
  if (statusOf(error) === 401 && tries.renewals === 0) {
    return { kind: "renew-token", tries: { ...tries, renewals: 1 } };
  }
  if (isLostAnswer(error) && isRepeatable && tries.reads < MOST_TRIES) {
    return {
      kind: "wait",
      milliseconds: random() * READ_BACKOFF * 2 ** tries.reads,
      tries: { ...tries, reads: tries.reads + 1 },
    };
  }
  return { kind: "give-up" };
}

function isRead({ method, url, query }: RequestOptions): boolean {
  return method === "GET" || method === "HEAD" || operationOf({ url, query })?.type === "query";
}

function operationOf({ url, query }: Pick<RequestOptions, "url" | "query">): CountedCall["operation"] {
  const said = isGraphql({ url }) && typeof query === "string" ? /^\s*(query|mutation)\b\s*(\w*)/.exec(query) : null;
  const [, type, name] = said ?? [];
  return type === undefined || name === undefined ? null : { type, name };
}

/** By its end: on GitHub Enterprise Server the address is absolute. */
function isGraphql({ url }: Pick<RequestOptions, "url">): boolean {
  return url.endsWith("/graphql");
}

function installationOf(options: { auth?: unknown }): number | null {
  const { auth } = options;
  const id = typeof auth === "object" && auth !== null && "installationId" in auth ? auth.installationId : null;
  return typeof id === "number" ? id : null;
}
