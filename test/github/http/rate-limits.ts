import { jsonResponse, type Layer } from "./layer.ts";
import { tokenOf } from "./request-log.ts";

/** GitHub documentation: "Rate limits for the REST API", GitHub App installations. */
const USUAL_LIMIT = 5000;
const HOUR_SECONDS = 3600;

export interface PrimaryLimit {
  readonly limit?: number;
  readonly remaining: number;
  readonly resetInSeconds: number;
}

export interface SecondaryLimit {
  readonly retryAfterSeconds: number;
  /** Calls that are refused; default 1. */
  readonly times?: number;
  /** GitHub answers either; default 403. */
  readonly status?: 403 | 429;
}

interface Window {
  readonly limit: number;
  used: number;
  /** Epoch seconds. */
  readonly resetsAt: number;
}

/** The `x-ratelimit-*` headers, and refusals when a test says that a limit is reached. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  #secondary: { left: number; status: number; retryAfterSeconds: number } | null = null;
  #imposed: Window | null = null;

  /** For every token, until the reset; then each has its usual limit again. */
  setPrimary({ limit = USUAL_LIMIT, remaining, resetInSeconds }: PrimaryLimit): void {
    this.#imposed = { limit, used: limit - remaining, resetsAt: epochSeconds() + resetInSeconds };
    this.#windows.clear();
  }

  setSecondary({ retryAfterSeconds, times = 1, status = 403 }: SecondaryLimit): void {
    this.#secondary = { left: times, status, retryAfterSeconds };
  }

  readonly layer: Layer = async (request, next) => {
    const resource = new URL(request.url).pathname === "/graphql" ? "graphql" : "core";
    const window = this.#windowOf(`${tokenOf(request)} ${resource}`);
    if (window.used >= window.limit) return withHeaders(exceeded(), window, resource);
    if (this.#secondary && this.#secondary.left > 0) {
      this.#secondary.left--;
      return withHeaders(tooFast(this.#secondary), window, resource);
    }
    const response = await next(request);
    // A conditional request that is answered 304 does not count.
    if (response.status !== 304) window.used++;
    return withHeaders(response, window, resource);
  };

  #windowOf(key: string): Window {
    const now = epochSeconds();
    const current = this.#windows.get(key);
    if (current && current.resetsAt > now) return current;
    const usual = { limit: USUAL_LIMIT, used: 0, resetsAt: now + HOUR_SECONDS };
    const fresh = this.#imposed && this.#imposed.resetsAt > now ? { ...this.#imposed } : usual;
    this.#windows.set(key, fresh);
    return fresh;
  }
}

function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function exceeded(): Response {
  return jsonResponse(403, {
    message: "API rate limit exceeded for installation.",
    documentation_url: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
  });
}

function tooFast({ status, retryAfterSeconds }: { status: number; retryAfterSeconds: number }): Response {
  const body = {
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    documentation_url: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
  };
  return jsonResponse(status, body, { "retry-after": String(retryAfterSeconds) });
}

function withHeaders(response: Response, window: Window, resource: string): Response {
  const headers = new Headers(response.headers);
  headers.set("x-ratelimit-limit", String(window.limit));
  headers.set("x-ratelimit-remaining", String(window.limit - window.used));
  headers.set("x-ratelimit-used", String(window.used));
  headers.set("x-ratelimit-reset", String(window.resetsAt));
  headers.set("x-ratelimit-resource", resource);
  return new Response(response.body, { status: response.status, headers });
}
