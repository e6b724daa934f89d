import { mkdirSync } from "node:fs";
import {
  BETWEEN_CLEANINGS,
  type DeadLetter,
  type Delivery,
  type Inbox,
  type InboxClock,
  type InboxState,
  InboxUnavailable,
  isIdle,
  LANES_AT_ONCE,
  type LaneHandler,
  REST_AFTER_FAULT,
  type Timer,
} from "../inbox.ts";
import { GroupCommit } from "./group-commit.ts";
import { Lanes } from "./lanes.ts";
import { lockFolder } from "./process-lock.ts";
import { Shelf } from "./shelf.ts";

/** What an embedded inbox needs of the process. */
export interface SqliteInboxSettings {
  /** `DATA_DIR`: made if need be, and this process's alone from then on. */
  readonly folder: string;
  readonly clock: InboxClock;
  readonly log: { error(details: object, message: string): void };
}

const BETWEEN_LOOKS = 1000;

/**
 * The embedded inbox: one process and one file. SQLite keeps what is waiting; who works on which lane is kept in memory,
 * because the folder belongs to one process at a time.
 */
export class SqliteInbox implements Inbox {
  readonly #settings: SqliteInboxSettings;
  readonly #lock: { release(): void };
  readonly #shelf: Shelf;
  readonly #lanes: Lanes;
  readonly #incoming: GroupCommit<Delivery>;
  /** Lanes with something that may not be handed out before a moment. */
  readonly #resting = new Map<string, number>();
  #handle: LaneHandler | null = null;
  #open = true;
  #isWritable = true;
  #alarm: { readonly at: number; readonly cancel: () => void } | null = null;
  #watch: NodeJS.Timeout | null = null;
  #version = 0;
  #cleanedAt = 0;

  /** @throws {FolderInUse} when another process has the folder, and SQLite's error when it cannot be written. */
  constructor(settings: SqliteInboxSettings) {
    this.#settings = settings;
    mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
    this.#lock = lockFolder(settings.folder);
    this.#shelf = new Shelf(settings.folder);
    this.#lanes = new Lanes(LANES_AT_ONCE, (lane) => this.#workOn(lane));
    this.#incoming = new GroupCommit((deliveries) => this.#put(deliveries));
  }

  async accept(deliveries: readonly Delivery[]): Promise<void> {
    if (!this.#open) throw new InboxUnavailable("shutting down");
    try {
      await this.#incoming.add(deliveries);
    } catch (error) {
      throw new InboxUnavailable("the inbox cannot be written", { cause: error });
    }
  }

  async start(handle: LaneHandler): Promise<void> {
    this.#handle = handle;
    this.#look();
    // Another process may put dead letters back, and only the file tells.
    this.#watch = setInterval(() => this.#lookAgain(), BETWEEN_LOOKS);
  }

  isOpen(): boolean {
    return this.#open && this.#isWritable;
  }

  async schedule(timers: readonly Timer[], mode: "move" | "keep" = "move"): Promise<void> {
    this.#shelf.schedule(timers, mode);
    this.#setAlarm();
  }

  async cancel(key: string): Promise<void> {
    this.#shelf.cancel(key);
  }

  async state(): Promise<InboxState> {
    return this.#shelf.state();
  }

  async holds(lane: string, event: string): Promise<boolean> {
    return this.#shelf.holds(lane, event);
  }

  async deadLetters({ lane, most }: { lane?: string; most: number }): Promise<readonly DeadLetter[]> {
    return this.#shelf.deadLetters(lane ?? null, most);
  }

  async redrive(ids: readonly string[] | "all"): Promise<number> {
    const revived = this.#shelf.redrive(ids, this.#now());
    this.#look();
    return revived;
  }

  async idle(): Promise<void> {
    this.#incoming.flush();
    await this.#lanes.idle();
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#alarm?.cancel();
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#incoming.flush();
    await this.#lanes.close();
    this.#shelf.close();
    this.#lock.release();
  }

  #now(): number {
    return this.#settings.clock.now();
  }

  #put(deliveries: readonly Delivery[]): void {
    try {
      const taken = this.#shelf.put(deliveries, this.#now());
      if (this.#handle !== null) for (const { lane } of taken) this.#lanes.ring(lane);
    } catch (error) {
      this.#isWritable = false;
      throw error;
    }
  }

  /** Everything of one lane that may be handed out now, again and again until there is no more. */
  async #workOn(lane: string): Promise<void> {
    this.#resting.delete(lane);
    try {
      while (this.#open && this.#handle !== null) {
        const waiting = this.#shelf.take(lane, this.#now());
        if (waiting.length === 0) break;
        const handled = await this.#handle(lane, waiting);
        if (isIdle(handled)) throw new Error("the handler did nothing with what it was given");
        this.#shelf.settle(lane, handled, this.#now());
      }
      const next = this.#shelf.nextOf(lane);
      if (next !== null) this.#resting.set(lane, next);
    } catch (error) {
      this.#settings.log.error({ err: error, lane }, "a lane could not be worked on and rests");
      this.#resting.set(lane, this.#now() + REST_AFTER_FAULT);
    }
    this.#setAlarm();
  }

  /** Sees to what is due; what cannot be written down now is seen to when it can. */
  #look(): void {
    if (!this.#open || this.#handle === null) return;
    try {
      this.#seeToDue();
    } catch (error) {
      this.#isWritable = false;
      this.#settings.log.error({ err: error }, "the inbox cannot be written: timers wait until it can");
    }
  }

  /** Fires the timers that are due and wakes the lanes for which something waits. */
  #seeToDue(): void {
    const now = this.#now();
    this.#shelf.fire(now);
    for (const { lane, at } of this.#shelf.lanes()) {
      if (at <= now) this.#lanes.ring(lane);
      else this.#resting.set(lane, at);
    }
    if (now - this.#cleanedAt > BETWEEN_CLEANINGS) {
      this.#shelf.forget(now);
      this.#cleanedAt = now;
    }
    this.#setAlarm();
  }

  #lookAgain(): void {
    const wasWritable = this.#isWritable;
    this.#isWritable = wasWritable || this.#shelf.isWritable();
    const version = this.#shelf.version();
    if (version === this.#version && wasWritable === this.#isWritable) return;
    this.#version = version;
    this.#look();
  }

  /**
   * Wakes up at the next moment at which a timer is due or a lane has rested. An alarm for that moment is left alone: set anew
   * by all that ends, one that is due would be put off for as long as there is much to do.
   */
  #setAlarm(): void {
    if (!this.#open || this.#handle === null) return;
    const at = Math.min(this.#shelf.nextTimer() ?? Number.POSITIVE_INFINITY, ...this.#resting.values());
    if (at === this.#alarm?.at) return;
    this.#alarm?.cancel();
    this.#alarm = null;
    if (at === Number.POSITIVE_INFINITY) return;
    const ring = () => {
      this.#alarm = null;
      this.#look();
    };
    this.#alarm = { at, cancel: this.#settings.clock.alarm(at, ring) };
  }
}
