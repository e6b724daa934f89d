import { SECOND } from "../domain/instant.ts";
import { isLostAnswer, RateLimited, rateLimitWait, statusOf } from "./failure.ts";
import { isRead, type RequestOptions } from "./request-kind.ts";

/** How the client waits. */
export interface Waiting {
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
  /** Told of every call that is tried again, and why. */
  readonly retried?: (why: Exclude<Recovery["kind"], "give-up">) => void;
}

const READ_BACKOFF = 250;
// Longer waits are handed back to the caller: an operator is better told at once than answered in half an hour.
const LONGEST_WAIT = 90 * SECOND;
const MOST_TRIES = 3;

/** Until when GitHub wants to hear nothing from an installation, or from the app itself (null). */
export class Rests {
  readonly #settings: Pick<Waiting, "sleep" | "now">;
  readonly #until = new Map<number | null, number>();

  constructor(settings: Pick<Waiting, "sleep" | "now">) {
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

/**
 * Makes a call until it is answered, as often as its kind allows: reads again with full jitter, what a rate limit refused when
 * it is over, what a token was too old for with a new one.
 * @throws the last failure
 */
export async function sendPatiently<T>(
  { send, renew }: Calls<T>,
  request: RequestOptions,
  settings: Waiting,
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

function recoveryFrom(error: unknown, isRepeatable: boolean, tries: Tries, { now, random }: Waiting): Recovery {
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
