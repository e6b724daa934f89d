import PQueue from "p-queue";
import { type Delivery, type DeliveryHandler, type Inbox, InboxFull } from "./inbox.ts";

const MOST_WAITING = 1000;
// Two days of the busiest repository studied; a redelivery of something older is handled again, which has no second effect.
const MOST_REMEMBERED = 10_000;

/**
 * An inbox without a memory of its own beyond the process: `accept` resolves only once the delivery is handled, so that
 * GitHub never counts as delivered what a crash could still lose.
 */
export class MemoryInbox implements Inbox {
  readonly #handle: DeliveryHandler;
  readonly #lanes = new Map<string, PQueue>();
  /** By delivery id, oldest first: in hand, or handled. */
  readonly #taken = new Map<string, Promise<void>>();
  #open = true;

  constructor(handle: DeliveryHandler) {
    this.#handle = handle;
  }

  isOpen(): boolean {
    return this.#open;
  }

  accept(delivery: Delivery): Promise<void> {
    const earlier = this.#taken.get(delivery.id);
    if (earlier !== undefined) return earlier;
    if (!this.#open) return Promise.reject(new InboxFull("shutting down"));
    const lane = this.#lanes.getOrInsertComputed(delivery.lane, () => new PQueue({ concurrency: 1 }));
    if (lane.size >= MOST_WAITING)
      return Promise.reject(new InboxFull(`${MOST_WAITING} events wait for ${delivery.lane}`));
    const handled = lane.add(() => this.#handle(delivery)).finally(() => this.#forget(delivery.lane, lane));
    this.#remember(delivery.id, handled);
    return handled;
  }

  async close(): Promise<void> {
    this.#open = false;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.onIdle()));
  }

  #remember(id: string, handled: Promise<void>): void {
    this.#taken.set(id, handled);
    // What failed may be sent again.
    handled.catch(() => this.#taken.delete(id));
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > MOST_REMEMBERED && oldest !== undefined) this.#taken.delete(oldest);
  }

  #forget(name: string, lane: PQueue): void {
    if (lane.size === 0 && lane.pending === 0) this.#lanes.delete(name);
  }
}
