import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "./json.ts";

/** GitHub gives a receiver ten seconds (GitHub documentation: "Best practices for using webhooks"). */
const TIMEOUT_MILLISECONDS = 10_000;

/** One attempt to deliver one event. A redelivery is a record of its own with the same GUID. */
export interface Delivery {
  readonly id: number;
  /** One per event: `X-GitHub-Delivery`. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  readonly installationId: number;
  readonly repositoryId: number;
  /** The raw body: exactly the bytes that are signed and sent. */
  readonly body: string;
  /** "OK", or what went wrong; "pending" until then. */
  status: string;
  /** Of the receiver's answer; 0 while there is none. */
  statusCode: number;
  durationSeconds: number;
  responseBody: string;
}

/**
 * What shall become of a delivery: sent (at once, twice, or late), lost without a trace (`drop`) or with an entry in the log
 * that says so (`fail`), or kept back until `release`.
 */
export type DeliveryDecision = "send" | "drop" | "fail" | "double" | "hold" | { readonly delayMs: number };
export type DeliveryPolicy = (delivery: Delivery) => DeliveryDecision;

/** The order in which held deliveries leave. */
export type ReleaseOrder = "in-order" | "reversed" | ((held: readonly Delivery[]) => readonly Delivery[]);

/** How the log shows that nobody was reached. */
const UNREACHABLE = { statusCode: 502, status: "failed to connect to host" };

interface DeliveryDraft {
  readonly event: string;
  readonly installationId: number;
  readonly repositoryId: number;
  readonly payload: Json;
}

/** The app's webhook: sends events one attempt each, keeps the log, and can lose, double, delay and reorder. */
export class Deliveries {
  /** Where the app listens. Nothing is delivered or logged while it is null, as for a GitHub App without a webhook. */
  url: string | null = null;
  policy: DeliveryPolicy = () => "send";
  /** Oldest first. */
  readonly log: Delivery[] = [];
  readonly #appId: number;
  readonly #secret: string;
  readonly #events: ReadonlySet<string>;
  readonly #underway = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  #held: Delivery[] = [];
  #lastId = 12_345_678_900;

  /** @param events names of the events the app subscribes to; `*` is every one. */
  constructor(options: { appId: number; secret: string; events: readonly string[] }) {
    this.#appId = options.appId;
    this.#secret = options.secret;
    this.#events = new Set(options.events);
  }

  enqueue(draft: DeliveryDraft): void {
    if (this.url === null || !(this.#events.has("*") || this.#events.has(draft.event))) return;
    const { action } = draft.payload;
    this.#decide(
      this.#record({
        guid: randomUUID(),
        event: draft.event,
        action: typeof action === "string" ? action : null,
        redelivery: false,
        installationId: draft.installationId,
        repositoryId: draft.repositoryId,
        body: JSON.stringify(draft.payload),
      }),
    );
  }

  /** Sends a logged delivery once more, as `POST /app/hook/deliveries/{id}/attempts` does; no policy applies. */
  redeliver(original: Delivery): Delivery {
    const again = this.#record({ ...original, redelivery: true });
    this.#start(this.#send(again));
    return again;
  }

  /** Sends what the policy held back. */
  release(order: ReleaseOrder = "in-order"): void {
    const held = this.#held;
    this.#held = [];
    const ordered = order === "in-order" ? held : order === "reversed" ? held.toReversed() : order(held);
    // One after the other: the receiver sees exactly this order.
    this.#start(ordered.reduce((previous, next) => previous.then(() => this.#send(next)), Promise.resolve()));
  }

  /** Resolves when no delivery is under way. Held ones do not count. */
  async idle(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    this.url = null;
    this.#stopped.abort();
    await this.idle();
  }

  #record(
    fields: Pick<Delivery, "guid" | "event" | "action" | "redelivery" | "installationId" | "repositoryId" | "body">,
  ): Delivery {
    const delivery: Delivery = {
      ...fields,
      id: ++this.#lastId,
      deliveredAt: new Date().toISOString(),
      status: "pending",
      statusCode: 0,
      durationSeconds: 0,
      responseBody: "",
    };
    this.log.push(delivery);
    return delivery;
  }

  #decide(delivery: Delivery): void {
    const decision = this.policy(delivery);
    if (decision === "hold") this.#held.push(delivery);
    else if (decision === "drop") delivery.status = "dropped";
    else if (decision === "fail") Object.assign(delivery, UNREACHABLE);
    else if (decision === "double") this.#start(Promise.all([this.#send(delivery), this.#send(delivery)]));
    else if (decision === "send") this.#start(this.#send(delivery));
    else this.#start(this.#sendLater(delivery, decision.delayMs));
  }

  #start(work: Promise<unknown>): void {
    const underway = work.then(() => {
      this.#underway.delete(underway);
    });
    this.#underway.add(underway);
  }

  async #sendLater(delivery: Delivery, milliseconds: number): Promise<void> {
    const elapsed = await delay(milliseconds, true, { signal: this.#stopped.signal }).catch(() => false);
    if (elapsed) await this.#send(delivery);
  }

  async #send(delivery: Delivery): Promise<void> {
    if (this.url === null) return;
    const startedAt = performance.now();
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: this.headers(delivery),
        body: delivery.body,
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
      });
      delivery.responseBody = await response.text();
      delivery.statusCode = response.status;
      delivery.status = response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      Object.assign(delivery, timedOut ? { statusCode: 504, status: "timed out" } : UNREACHABLE);
    }
    delivery.durationSeconds = (performance.now() - startedAt) / 1000;
  }

  /** GitHub documentation: "Webhook events and payloads", delivery headers. */
  headers(delivery: Delivery): Record<string, string> {
    return {
      accept: "*/*",
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/local",
      "x-github-delivery": delivery.guid,
      "x-github-event": delivery.event,
      "x-github-hook-id": "1",
      "x-github-hook-installation-target-id": String(this.#appId),
      "x-github-hook-installation-target-type": "integration",
      "x-hub-signature-256": `sha256=${createHmac("sha256", this.#secret).update(delivery.body).digest("hex")}`,
    };
  }
}
