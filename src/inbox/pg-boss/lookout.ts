import { BETWEEN_CLEANINGS, type InboxClock } from "../inbox.ts";
import type { Bells } from "./bells.ts";
import type { Shelf } from "./shelf.ts";

/** What a lookout works with. */
export interface LookoutParts {
  readonly shelf: Pick<Shelf, "fire" | "dueLanes" | "forget" | "next">;
  readonly bells: Pick<Bells, "ring">;
  readonly clock: InboxClock;
  /** Called when there is something to look for: `look` is to be called soon. */
  readonly onDue: () => void;
}

/** How long at most nobody notices what is due, when the replica that knew of it died. */
const BETWEEN_LOOKS = 10_000;

/**
 * Sees to what is due, whoever should have: when its time comes where this replica knows of it, and now and then because
 * another may have died. Between start and stop.
 */
export class Lookout {
  readonly #parts: LookoutParts;
  #isOn = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #cleanedAt = Number.NEGATIVE_INFINITY;
  #alarmAt = Number.POSITIVE_INFINITY;
  #cancelAlarm = () => {};

  constructor(parts: LookoutParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isOn = true;
    this.lookAgain();
    this.#parts.onDue();
  }

  stop(): void {
    this.#isOn = false;
    this.#cancelAlarm();
  }

  /** Something is due at that time. */
  wakeAt(at: number): void {
    if (!this.#isOn || at >= this.#alarmAt) return;
    this.#cancelAlarm();
    this.#alarmAt = at;
    this.#cancelAlarm = this.#parts.clock.alarm(at, () => {
      this.#alarmAt = Number.POSITIVE_INFINITY;
      this.lookAgain();
      this.#parts.onDue();
    });
  }

  /** The next look is made, however lately there was one. */
  lookAgain(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  /** Fires the timers that are due and rings for the lanes for which something is, unless that was done a moment ago. */
  async look(): Promise<void> {
    if (!this.#isOn || performance.now() - this.#lookedAt <= BETWEEN_LOOKS) return;
    const { shelf, bells, clock } = this.#parts;
    this.#lookedAt = performance.now();
    const now = clock.now();
    await shelf.fire(now);
    await bells.ring(await shelf.dueLanes(now));
    if (now - this.#cleanedAt > BETWEEN_CLEANINGS) {
      await shelf.forget(now);
      this.#cleanedAt = now;
    }
    const next = await shelf.next(now);
    if (next !== null) this.wakeAt(next);
  }
}
