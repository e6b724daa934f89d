import type { Instant } from "../../domain/instant.ts";
import { type Failure, failureOf, messageOf, statusOf } from "../../github/failure.ts";
import { whyGone } from "../../github/repository.ts";
import type { Handled, Waiting } from "../../inbox/inbox.ts";
import { readOccurrence } from "../occurrence.ts";
import { MalformedPayload } from "../payload.ts";
import type { Services } from "../services.ts";
import { verdictOn } from "./failure-policy.ts";
import { deliveriesOf, type Item } from "./item.ts";

/** What becomes of the deliveries that were handed out: written down as it is found, for the inbox to store. */
export class Ledger {
  readonly #lane: string;
  readonly #services: Services;
  readonly #done: string[] = [];
  readonly #retry: { id: string; at: Instant; reason: string }[] = [];
  readonly #later: { id: string; at: Instant }[] = [];
  readonly #dead: { id: string; reason: string }[] = [];
  #pauseUntil: Instant | null = null;

  constructor(lane: string, services: Services) {
    this.#lane = lane;
    this.#services = services;
  }

  /** What a delivery says; null when it is malformed, which is written down. */
  read(delivery: Waiting): Item | null {
    try {
      return { delivery, occurrence: readOccurrence(delivery) };
    } catch (error) {
      this.#judge(delivery, error, { kind: "malformed" });
      return null;
    }
  }

  /** Returns what failed, null when it is done. */
  attempt(items: readonly Item[], work: () => Promise<void>): Promise<Failure | null> {
    return this.#services.tracing.attempt(deliveriesOf(items), async () => {
      try {
        await work();
        this.done(items);
        return null;
      } catch (error) {
        return this.failed(items, error);
      }
    });
  }

  done(items: readonly Item[]): void {
    this.#done.push(...items.map(({ delivery }) => delivery.id));
  }

  later(items: readonly Item[], at: Instant): void {
    this.#later.push(...items.map(({ delivery }) => ({ id: delivery.id, at })));
  }

  async failed(items: readonly Item[], error: unknown): Promise<Failure> {
    const failure = await this.#diagnose(items, error);
    for (const { delivery } of items) this.#judge(delivery, error, failure);
    return failure;
  }

  /** Whether GitHub asked for a rest, so that nothing more is to be tried. */
  isPaused(): boolean {
    return this.#pauseUntil !== null;
  }

  handled(): Handled {
    return {
      done: this.#done,
      retry: this.#retry,
      later: this.#later,
      dead: this.#dead,
      pauseUntil: this.#pauseUntil,
    };
  }

  /** A refusal may mean that the repository is gone, which only GitHub can tell. */
  async #diagnose(items: readonly Item[], error: unknown): Promise<Failure> {
    const failure = failureIn(error, this.#services.now());
    const payload = items[0]?.occurrence.payload;
    const isRefusal = [403, 404, 410].includes(statusOf(error) ?? 0);
    if (failure.kind !== "broken" || !isRefusal || payload === undefined || !("repository" in payload)) return failure;
    const octokit = await this.#services.octokitOf(payload.installation.id);
    const why = await whyGone(payload.repository.full_name, octokit).catch(() => null);
    return why === null ? failure : { kind: "gone", why };
  }

  #judge(delivery: Waiting, error: unknown, failure: Failure): void {
    const { now, random, backoff, log } = this.#services;
    const { id, event } = delivery;
    const verdict = verdictOn(delivery, failure, { now: now(), random: random(), backoff });
    const details = { lane: this.#lane, event, delivery: id, attempts: delivery.attempts + 1 };
    const reason = messageOf(error);
    switch (verdict.kind) {
      case "retry":
        log.warn({ ...details, reason, at: new Date(verdict.at).toISOString() }, "event failed and is tried again");
        this.#retry.push({ id, at: verdict.at, reason });
        return;
      case "pause":
        log.warn({ ...details, until: new Date(verdict.until).toISOString() }, "GitHub asks for a rest");
        // What nobody waits for is put off alone: a person's command may still have room.
        if (delivery.urgent) this.#pauseUntil = Math.max(this.#pauseUntil ?? 0, verdict.until);
        else this.#later.push({ id, at: verdict.until });
        return;
      case "put-off":
        log.warn({ ...details, until: new Date(verdict.until).toISOString() }, "event waits for room to write");
        this.#later.push({ id, at: verdict.until });
        return;
      case "drop":
        log.warn({ ...details, reason }, "event dropped: what it is about is gone");
        this.#done.push(id);
        return;
      case "bury":
        log.error({ ...details, err: error }, "event given up: it is a dead letter");
        this.#dead.push({ id, reason });
        return;
    }
  }
}

/** What failed, as far as the error tells. */
export function failureIn(error: unknown, now: Instant): Failure {
  return error instanceof MalformedPayload ? { kind: "malformed" } : failureOf(error, now);
}
