import { setTimeout as delay } from "node:timers/promises";
import {
  type DeadLetter,
  type Delivery,
  type Inbox,
  type InboxClock,
  type InboxLog,
  type InboxState,
  InboxUnavailable,
  isIdle,
  LANES_AT_ONCE,
  type LaneHandler,
  REST_AFTER_FAULT,
  type Timer,
} from "../inbox.ts";
import { Bells } from "./bells.ts";
import { Database, type DatabaseSettings, reasonOf } from "./database.ts";
import { Lookout } from "./lookout.ts";
import { migrate, NewerInbox } from "./migrate.ts";
import { Rounds } from "./rounds.ts";
import { SharedCommit } from "./shared-commit.ts";
import { Shelf } from "./shelf.ts";

/** What a distributed inbox needs of the process. */
export interface PgBossInboxSettings {
  readonly database: DatabaseSettings;
  readonly clock: InboxClock;
  readonly log: InboxLog;
}

const SECOND = 1000;
const FIRST_WAIT = 0.2 * SECOND;
const LONGEST_WAIT = 10 * SECOND;
/** A webhook is answered within a second; what is stored after that is known when GitHub delivers it again. */
const LONGEST_ACCEPT = 0.9 * SECOND;
/** What is in hand has so long to end; the process has ten seconds in all. */
const PATIENCE = 7 * SECOND;
/** What is handed back then is left alone for so long, in which the process ends. */
const HANDOVER = 2 * SECOND;
/** How soon a replica sees what another one rang for, or handed back. */
const BETWEEN_WAKES = 0.5 * SECOND;

/**
 * The distributed inbox: any number of processes and one PostgreSQL. Its tables keep what is waiting and when it is due
 * (`Shelf`), pg-boss decides which replica works on which lane (`Bells`).
 */
export class PgBossInbox implements Inbox {
  readonly #settings: PgBossInboxSettings;
  readonly #database: Database;
  readonly #shelf: Shelf;
  readonly #bells: Bells;
  readonly #lookout: Lookout;
  readonly #incoming: SharedCommit<Delivery>;
  readonly #checks = new Rounds(() => this.#check());
  readonly #connected: Promise<void>;
  readonly #closing = new AbortController();
  #handle: LaneHandler | null = null;
  #isReached = false;
  /** Something failed that may be the database's fault. */
  #isSuspect = false;
  #watch: NodeJS.Timeout | null = null;

  /** Returns at once: the database is waited for, and until it is there nothing is taken over. */
  constructor(settings: PgBossInboxSettings) {
    this.#settings = settings;
    this.#database = new Database(settings.database, (error) => this.#suspect(error));
    this.#shelf = new Shelf(this.#database);
    this.#bells = new Bells(this.#database, {
      lanesAtOnce: LANES_AT_ONCE,
      work: (lane) => this.#workOn(lane),
      rest: (lanes) => this.#rest(lanes, HANDOVER),
      onError: (error) => this.#suspect(error),
      log: settings.log,
    });
    this.#lookout = new Lookout({
      shelf: this.#shelf,
      bells: this.#bells,
      clock: settings.clock,
      onDue: () => this.#checks.ask(),
    });
    this.#incoming = new SharedCommit((deliveries) => this.#put(deliveries));
    this.#connected = this.#connect();
    this.#connected.catch(() => {});
  }

  async accept(deliveries: readonly Delivery[]): Promise<void> {
    if (this.#isClosed()) throw new InboxUnavailable("shutting down");
    if (!this.#isReached) throw new InboxUnavailable("the database cannot be reached");
    try {
      await within(LONGEST_ACCEPT, this.#incoming.add(deliveries));
    } catch (error) {
      this.#lose(error);
      throw new InboxUnavailable("the inbox cannot be written", { cause: error });
    }
  }

  /**
   * Resolves when the database is there.
   * @throws {NewerInbox} when its tables are a later version's; {InboxUnavailable} when the inbox is closed before.
   */
  async start(handle: LaneHandler): Promise<void> {
    await this.#connected;
    this.#handle = handle;
    this.#bells.start();
    this.#lookout.start();
  }

  isOpen(): boolean {
    return this.#isReached;
  }

  async schedule(timers: readonly Timer[], mode: "move" | "keep" = "move"): Promise<void> {
    await this.#connected;
    await this.#shelf.schedule(timers, mode);
    for (const { at } of timers) this.#lookout.wakeAt(at);
  }

  async cancel(key: string): Promise<void> {
    await this.#connected;
    await this.#shelf.cancel(key);
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
    await this.#connected;
    const lanes = await this.#shelf.redrive(ids, this.#now());
    await this.#bells.ring([...new Set(lanes)]);
    return lanes.length;
  }

  async idle(): Promise<void> {
    await this.#incoming.idle();
    if (this.#handle === null) return;
    while (this.#bells.isBusy() || this.#checks.isUnderWay() || (await this.#shelf.isDue(this.#now()))) await delay(10);
  }

  async close(): Promise<void> {
    if (this.#isClosed()) return;
    this.#closing.abort();
    this.#isReached = false;
    this.#lookout.stop();
    await this.#connected.catch(() => {});
    if (this.#watch !== null) clearInterval(this.#watch);
    await this.#checks.idle();
    await this.#incoming.idle();
    await this.#bells.close(PATIENCE);
    await this.#database.close();
  }

  #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #now(): number {
    return this.#settings.clock.now();
  }

  /** Tries until it succeeds, waiting with full jitter so that replicas do not all come back at once. */
  async #connect(): Promise<void> {
    const { log } = this.#settings;
    for (let attempt = 0; !this.#isClosed(); attempt += 1) {
      try {
        await migrate(this.#database);
        await this.#bells.open();
        this.#isReached = !this.#isClosed();
        this.#watch = setInterval(() => this.#checks.ask(), BETWEEN_WAKES);
        if (attempt > 0) log.info({}, "the database is reached");
        return;
      } catch (error) {
        if (error instanceof NewerInbox) throw error;
        const wait = Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt);
        log.warn({ reason: reasonOf(error), milliseconds: Math.ceil(wait) }, "the database cannot be reached yet");
        await delay(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
    throw new InboxUnavailable("shutting down");
  }

  async #put(deliveries: readonly Delivery[]): Promise<void> {
    await this.#bells.ring(await this.#shelf.put(deliveries, this.#now()));
  }

  /** Everything of one lane that may be handed out now, again and again until there is no more. */
  async #workOn(lane: string): Promise<void> {
    try {
      await this.#handOut(lane);
      // Closing, another replica goes on with it.
      if (this.#isClosed() && (await this.#shelf.isDue(this.#now(), lane))) await this.#bells.ring([lane]);
    } catch (error) {
      this.#settings.log.error({ err: error, lane }, "a lane could not be worked on and rests");
      await this.#rest([lane], REST_AFTER_FAULT).catch((failure) => this.#suspect(failure));
      this.#lookout.wakeAt(this.#now() + REST_AFTER_FAULT);
    }
  }

  async #rest(lanes: readonly string[], milliseconds: number): Promise<void> {
    const until = this.#now() + milliseconds;
    await Promise.all(lanes.map((lane) => this.#shelf.rest(lane, until)));
  }

  async #handOut(lane: string): Promise<void> {
    while (!this.#isClosed() && this.#handle !== null) {
      const waiting = await this.#shelf.take(lane, this.#now());
      if (waiting.length === 0) return;
      const handled = await this.#handle(lane, waiting);
      if (isIdle(handled)) throw new Error("the handler did nothing with what it was given");
      await this.#shelf.settle(lane, handled, this.#now());
      for (const { at } of [...handled.retry, ...handled.later]) this.#lookout.wakeAt(at);
      if (handled.pauseUntil !== null) this.#lookout.wakeAt(handled.pauseUntil);
    }
  }

  /** Twice a second, and when something is due: whether the database is there, and what there is to do. */
  async #check(): Promise<void> {
    if (this.#isClosed() || this.#watch === null) return;
    try {
      if (!this.#isReached || this.#isSuspect) {
        this.#isSuspect = false;
        await this.#shelf.probe();
        if (!this.#isReached) this.#settings.log.info({}, "the database is reached again");
        this.#isReached = !this.#isClosed();
      }
      this.#bells.wake();
      await this.#lookout.look();
    } catch (error) {
      this.#lookout.lookAgain();
      this.#lose(error);
    }
  }

  /** The next check tells whether it was the database. */
  #suspect(error: unknown): void {
    if (this.#isReached) this.#settings.log.warn({ reason: reasonOf(error) }, "a statement failed");
    this.#isSuspect = true;
  }

  #lose(error: unknown): void {
    if (this.#isClosed() || !this.#isReached) return;
    this.#isReached = false;
    this.#settings.log.error({ reason: reasonOf(error) }, "the database cannot be reached: no events are taken over");
  }
}

/** Rejects when it takes longer; the work itself goes on. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error(`no answer in ${milliseconds} ms`)), milliseconds);
  return Promise.race([work, deadline.promise]).finally(() => clearTimeout(timer));
}
