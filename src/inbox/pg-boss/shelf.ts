import {
  DEAD_LETTERS_KEPT,
  type DeadLetter,
  type Delivery,
  deliveryOf,
  type Handled,
  type InboxState,
  MOST_AT_ONCE,
  MOST_CHARACTERS_AT_ONCE,
  REMEMBERED,
  type Timer,
  type Waiting,
} from "../inbox.ts";
import type { Database, Query } from "./database.ts";
import { statementsIn } from "./statements.ts";

/**
 * What is stored and when it is due, and nothing of who handles it. Due moments are the inbox's clock's, never the
 * database's: pg-boss's own deferral follows the latter, which tests cannot turn.
 */
export class Shelf {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof statementsIn>;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = statementsIn(database.schema);
  }

  /** Stores deliveries in one commit and returns the lanes of those that were not known. */
  put(deliveries: readonly Delivery[], now: number): Promise<readonly string[]> {
    return this.#insert(deliveries, now, this.#database.query);
  }

  /** What waits for a lane and may be handed out now, urgent first, then in the order of arrival. Empty while it rests. */
  async take(lane: string, now: number): Promise<readonly Waiting[]> {
    const values = [now, lane, MOST_AT_ONCE, MOST_CHARACTERS_AT_ONCE];
    const rows = await this.#database.query<Omit<Waiting, "lane">>(this.#statements.take, values);
    return rows.map((row) => ({ ...row, lane }));
  }

  /** Stores what became of deliveries of a lane, in one commit. */
  async settle(lane: string, { done, retry, later, dead, pauseUntil }: Handled, now: number): Promise<void> {
    const { bury, finish, postpone, pause, unpause } = this.#statements;
    const buried = dead.map(({ id }) => id);
    await this.#database.transaction(async (query) => {
      if (dead.length > 0) await query(bury, [buried, dead.map(({ reason }) => storable(reason)), now]);
      await query(finish, [[...done, ...buried], now]);
      for (const [postponed, tried] of [
        [retry, 1],
        [later, 0],
      ] as const) {
        const moments = postponed.map(({ at }) => Math.ceil(at));
        if (postponed.length > 0) await query(postpone, [postponed.map(({ id }) => id), moments, tried]);
      }
      await (pauseUntil === null ? query(unpause, [lane]) : query(pause, [lane, Math.ceil(pauseUntil)]));
    });
  }

  /** Lets a lane rest. */
  async rest(lane: string, until: number): Promise<void> {
    await this.#database.query(this.#statements.pause, [lane, until]);
  }

  /** The lanes for which something may be handed out now. */
  async dueLanes(now: number): Promise<readonly string[]> {
    const rows = await this.#database.query<{ lane: string }>(this.#statements.dueLanes, [now]);
    return rows.map(({ lane }) => lane);
  }

  /** Whether something may be handed out now, or a timer is due; of one lane, only the former. */
  async isDue(now: number, lane?: string): Promise<boolean> {
    const { isDue, isDueInLane } = this.#statements;
    const [row] = await (lane === undefined
      ? this.#database.query<{ isDue: boolean }>(isDue, [now])
      : this.#database.query<{ isDue: boolean }>(isDueInLane, [now, lane]));
    return row?.isDue ?? false;
  }

  /** When the next timer is due or the next thing may be handed out that may not be now; null when there is none. */
  async next(now: number): Promise<number | null> {
    const [row] = await this.#database.query<{ next: number | null }>(this.#statements.next, [now]);
    return row?.next ?? null;
  }

  async schedule(timers: readonly Timer[], mode: "move" | "keep"): Promise<void> {
    // A statement may touch a row once: of several for one key the last one moves it, and the first one stays.
    const chosen = [...new Map((mode === "move" ? timers : timers.toReversed()).map((set) => [set.key, set])).values()];
    const set = mode === "move" ? this.#statements.moveTimers : this.#statements.keepTimers;
    await this.#database.query(set, [
      chosen.map(({ key }) => storable(key)),
      chosen.map(({ lane }) => storable(lane)),
      chosen.map(({ event }) => event),
      chosen.map(({ body }) => storable(body)),
      chosen.map(({ at }) => Math.ceil(at)),
    ]);
  }

  async cancel(key: string): Promise<void> {
    await this.#database.query(this.#statements.cancel, [storable(key)]);
  }

  /** Turns timers that are due into deliveries, in one commit: each once, however many replicas look at the same time. */
  async fire(now: number): Promise<void> {
    await this.#database.transaction(async (query) => {
      const due = await query<Timer>(this.#statements.takeTimers, [now]);
      await this.#insert(due.toSorted((one, other) => one.at - other.at).map(deliveryOf), now, query);
    });
  }

  async state(): Promise<InboxState> {
    const [row] = await this.#database.query<InboxState>(this.#statements.state);
    return row ?? { waiting: 0, oldest: null, dead: 0 };
  }

  async holds(lane: string, event: string): Promise<boolean> {
    const [row] = await this.#database.query<{ holds: boolean }>(this.#statements.holds, [lane, event]);
    return row?.holds ?? false;
  }

  deadLetters(lane: string | null, most: number): Promise<readonly DeadLetter[]> {
    return this.#database.query<DeadLetter>(this.#statements.deadLetters, [lane, most]);
  }

  /** Puts dead letters back and returns the lane of each. */
  async redrive(ids: readonly string[] | "all", now: number): Promise<readonly string[]> {
    const values = [ids === "all" ? null : ids, now];
    const rows = await this.#database.query<{ lane: string }>(this.#statements.redrive, values);
    return rows.map(({ lane }) => lane);
  }

  /** Forgets what is older than has to be known. */
  async forget(now: number): Promise<void> {
    await this.#database.query(this.#statements.forgetHandled, [now - REMEMBERED]);
    await this.#database.query(this.#statements.forgetDead, [now - DEAD_LETTERS_KEPT]);
    await this.#database.query(this.#statements.forgetPauses, [now]);
  }

  /** Makes a commit, to see whether one can be made at present. */
  async probe(): Promise<void> {
    await this.#database.probe(this.#statements.probe);
  }

  async #insert(deliveries: readonly Delivery[], now: number, query: Query): Promise<readonly string[]> {
    if (deliveries.length === 0) return [];
    const rows = await query<{ lane: string }>(this.#statements.insert, [
      deliveries.map(({ id }) => storable(id)),
      deliveries.map(({ event }) => event),
      deliveries.map(({ lane }) => storable(lane)),
      deliveries.map(({ body }) => storable(body)),
      deliveries.map(({ urgent }) => urgent),
      deliveries.map(({ trace }) => trace ?? null),
      now,
    ]);
    return [...new Set(rows.map(({ lane }) => lane))];
  }
}

/** The one character that PostgreSQL keeps in no text (PostgreSQL documentation, "Character Types"). */
function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}
