import { setTimeout as delay } from "node:timers/promises";
import { type Job, PgBoss } from "pg-boss";
import type { InboxLog } from "../inbox.ts";
import { type Database, reasonOf } from "./database.ts";
import { Rounds } from "./rounds.ts";

export interface BellsSettings {
  readonly lanesAtOnce: number;
  /** Works on a lane until there is nothing to do; it must not reject. */
  readonly work: (lane: string) => Promise<void>;
  /** Lets lanes rest that this process is at work on and hands back, until it has ended. */
  readonly rest: (lanes: readonly string[]) => Promise<void>;
  /** Told when pg-boss could not use the database. */
  readonly onError: (error: unknown) => void;
  readonly log: InboxLog;
}

interface Ring {
  readonly lane: string;
}

const BELL = "bell";
const SECOND = 1000;
// The shortest lease that pg-boss grants: so long after its last heartbeat a replica counts as dead.
const LEASE = 10;
const BETWEEN_HEARTBEATS = 3 * SECOND;
/** In seconds. Whoever is still at work after that hangs, and another replica may try. */
const LONGEST_WORK = 3600;

const OPTIONS = {
  heartbeatSeconds: LEASE,
  expireInSeconds: LONGEST_WORK,
  // What a dead replica had in hand is rung again, and in the end by whoever looks what is due. In seconds, and longer than
  // a lane rests that is handed back.
  retryLimit: 100,
  retryDelay: 3,
  deleteAfterSeconds: 60,
};

/**
 * Who works where, among all replicas: a lane for which something is due has a bell in a queue of pg-boss, and whoever
 * takes the bell works on the lane. The queue's policy `stately` keeps at most one bell that waits and one that is taken
 * for a lane: a lane that is rung while it is worked on is looked at once more, and never by two. A bell is leased: its
 * replica renews the lease while it lives, and supervision puts back the bells of one that does not.
 */
export class Bells {
  readonly #settings: BellsSettings;
  readonly #boss: PgBoss;
  /** The bells that this replica has taken, by their ids. */
  readonly #taken = new Map<string, Job<Ring>>();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #rounds = new Rounds(() => this.#take());
  #isTaking = false;
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(database: Database, settings: BellsSettings) {
    this.#settings = settings;
    this.#boss = new PgBoss({
      // Its statements share our connections. It only needs to run them: a bell is polled for, not announced.
      db: { executeSql: (text, values) => database.executeSql(text, values) },
      schema: database.schema,
      // There is one already (`migrate`).
      createSchema: false,
      schedule: false,
      superviseIntervalSeconds: 2,
      monitorIntervalSeconds: 2,
      maintenanceIntervalSeconds: 300,
    });
    this.#boss.on("error", settings.onError);
    this.#boss.on("warning", ({ message }) => settings.log.warn({ reason: message }, "pg-boss warns"));
  }

  /** Makes or migrates the tables of pg-boss; may be tried again. Rejects while the database cannot be reached. */
  async open(): Promise<void> {
    await this.#boss.start();
    await this.#boss.createQueue(BELL, { policy: "stately", ...OPTIONS });
    await this.#boss.updateQueue(BELL, OPTIONS);
  }

  /** Begins to take bells. */
  start(): void {
    this.#isTaking = true;
    this.#heartbeat = setInterval(() => void this.#beat(), BETWEEN_HEARTBEATS);
    this.wake();
  }

  /**
   * Rings for lanes, and takes the bells that are free. What a lane is rung for must be committed before: a bell that
   * waits already may be taken at any moment, and is not rung again.
   */
  async ring(lanes: readonly string[]): Promise<void> {
    if (lanes.length === 0) return;
    // In one order, so that two replicas that ring for the same lanes never wait for each other.
    const rings = lanes.toSorted().map((lane) => ({ singletonKey: lane, data: { lane } }));
    await this.#boss.insert(BELL, rings);
    this.wake();
  }

  /** Takes as many bells as there is room for. */
  wake(): void {
    if (this.#isTaking) this.#rounds.ask();
  }

  isBusy(): boolean {
    return this.#busy.size > 0 || this.#rounds.isUnderWay();
  }

  /**
   * Takes no more, and resolves when what was taken is done. What takes longer than `patience`, in milliseconds, is
   * handed back: another replica begins with it a moment later, when this process must have ended.
   */
  async close(patience: number): Promise<void> {
    this.#isTaking = false;
    await this.#rounds.idle();
    const done = new AbortController();
    await Promise.race([
      Promise.all(this.#busy.values()).finally(() => done.abort()),
      delay(patience, undefined, { signal: done.signal }).catch(() => {}),
    ]);
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    // A second bell for the same lane may be waiting, which is free as soon as the first one is handed back.
    await this.#settings.rest([...this.#busy.keys()]).catch(this.#settings.onError);
    await this.#handBack([...this.#taken.values()]);
    await this.#boss.stop({ graceful: false }).catch(this.#settings.onError);
  }

  async #take(): Promise<void> {
    const room = this.#settings.lanesAtOnce - this.#busy.size;
    if (room <= 0) return;
    try {
      const bells = await this.#boss.fetch<Ring>(BELL, { batchSize: room });
      if (!this.#isTaking) return await this.#handBack(bells);
      for (const bell of bells) this.#begin(bell);
      if (bells.length > 0) this.#rounds.ask();
    } catch (error) {
      this.#settings.onError(error);
    }
  }

  #begin(bell: Job<Ring>): void {
    const { lane } = bell.data;
    this.#taken.set(bell.id, bell);
    // After a time without the database a lane may be ours a second time: not before the first is done with.
    const before = this.#busy.get(lane) ?? Promise.resolve();
    const work = before
      .then(() => this.#settings.work(lane))
      .then(() => this.#complete(bell))
      .finally(() => {
        this.#taken.delete(bell.id);
        if (this.#busy.get(lane) === work) this.#busy.delete(lane);
        this.wake();
      });
    this.#busy.set(lane, work);
  }

  async #complete(bell: Job<Ring>): Promise<void> {
    // Not completed, it comes back when its lease is over.
    await this.#boss.complete(BELL, bell).catch(this.#settings.onError);
  }

  async #handBack(bells: Job<Ring>[]): Promise<void> {
    if (bells.length === 0) return;
    const lanes = bells.map(({ data }) => data.lane);
    this.#settings.log.warn({ lanes }, "handed back what is not done");
    await this.#boss.fail(BELL, bells).catch((error) => {
      this.#settings.log.warn(
        { reason: reasonOf(error) },
        "not handed back: another replica waits for the lease to end",
      );
    });
  }

  async #beat(): Promise<void> {
    const bells = [...this.#taken.values()];
    if (bells.length > 0) await this.#boss.touch(BELL, bells).catch(this.#settings.onError);
  }
}
