import type { DatabaseSync } from "node:sqlite";
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
import { inTransaction, openDatabase } from "./database.ts";

/** The name of no repository: what is written to see whether anything can be. */
const NO_LANE = "no lane";

/** Every statement of the inbox. A `Shelf` knows what is stored and when, and nothing of who handles it. */
export class Shelf {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(folder: string) {
    this.#database = openDatabase(folder);
    this.#statements = prepare(this.#database);
  }

  /** Stores deliveries in one commit and returns those that were not known. */
  put(deliveries: readonly Delivery[], now: number): readonly Delivery[] {
    return inTransaction(this.#database, () => this.#insert(deliveries, now));
  }

  /** What waits for a lane and may be handed out now, urgent first, then in the order of arrival. Empty while it rests. */
  take(lane: string, now: number): readonly Waiting[] {
    if (this.#restsUntil(lane) > now) return [];
    const taken: Waiting[] = [];
    let characters = 0;
    for (const row of this.#statements.take.iterate(lane, now, MOST_AT_ONCE) as Iterable<StoredDelivery>) {
      characters += row.body.length;
      if (taken.length > 0 && characters > MOST_CHARACTERS_AT_ONCE) break;
      taken.push({ ...row, lane, urgent: row.urgent === 1 });
    }
    return taken;
  }

  /** Stores what became of deliveries of a lane, in one commit. */
  settle(lane: string, { done, retry, later, dead, pauseUntil }: Handled, now: number): void {
    const { remember, remove, postpone, bury, pause, unpause } = this.#statements;
    inTransaction(this.#database, () => {
      for (const { id, reason } of dead) bury.run(reason, now, id);
      for (const id of [...done, ...dead.map((letter) => letter.id)]) {
        remember.run(now, id);
        remove.run(id);
      }
      for (const { id, at } of retry) postpone.run(1, at, id);
      for (const { id, at } of later) postpone.run(0, at, id);
      if (pauseUntil === null) unpause.run(lane);
      else pause.run(lane, pauseUntil);
    });
  }

  /** The lanes for which something waits, and when it may be handed out. */
  lanes(): readonly { readonly lane: string; readonly at: number }[] {
    const rows = this.#statements.lanes.all() as unknown as { lane: string; at: number }[];
    return rows.map(({ lane, at }) => ({ lane, at: Math.max(at, this.#restsUntil(lane)) }));
  }

  /** When something of a lane may be handed out; null when nothing waits for it. */
  nextOf(lane: string): number | null {
    const at = this.#statements.nextOf.get(lane)?.at;
    return typeof at === "number" ? Math.max(at, this.#restsUntil(lane)) : null;
  }

  schedule(timers: readonly Timer[], mode: "move" | "keep"): void {
    const set = mode === "move" ? this.#statements.moveTimer : this.#statements.keepTimer;
    inTransaction(this.#database, () => {
      for (const { key, lane, event, body, at } of timers) set.run(key, lane, event, body, at);
    });
  }

  cancel(key: string): void {
    this.#statements.cancel.run(key);
  }

  /** When the next timer is due; null when there is none. */
  nextTimer(): number | null {
    return (this.#statements.nextTimer.get()?.at as number | null | undefined) ?? null;
  }

  /** Turns timers that are due into deliveries, in one commit, and returns these. */
  fire(now: number): readonly Delivery[] {
    return inTransaction(this.#database, () => {
      const due = this.#statements.due.all(now) as unknown as Timer[];
      for (const { key } of due) this.#statements.cancel.run(key);
      return this.#insert(due.map(deliveryOf), now);
    });
  }

  state(): InboxState {
    return this.#statements.state.get() as unknown as InboxState;
  }

  holds(lane: string, event: string): boolean {
    return this.#statements.holds.get(lane, event) !== undefined;
  }

  deadLetters(lane: string | null, most: number): readonly DeadLetter[] {
    return this.#statements.deadLetters.all(lane, most) as unknown as DeadLetter[];
  }

  /** Puts dead letters back and returns how many. */
  redrive(ids: readonly string[] | "all", now: number): number {
    const { revive, exhume, unremember, deadIds } = this.#statements;
    return inTransaction(this.#database, () => {
      const chosen = ids === "all" ? deadIds.all().map(({ id }) => id as string) : ids;
      return chosen.filter((id) => {
        const letter = exhume.get(id) as unknown as StoredLetter | undefined;
        unremember.run(id);
        if (letter !== undefined) revive.run(id, letter.event, letter.lane, letter.body, letter.urgent, now);
        return letter !== undefined;
      }).length;
    });
  }

  /** Forgets what is older than has to be known. */
  forget(now: number): void {
    this.#statements.forgetHandled.run(now - REMEMBERED);
    this.#statements.forgetDead.run(now - DEAD_LETTERS_KEPT);
    this.#statements.forgetPauses.run(now);
  }

  /** Whether a commit can be made at present: a full disk, for example, may have room again. */
  isWritable(): boolean {
    try {
      inTransaction(this.#database, () => this.#statements.pause.run(NO_LANE, 0));
      return true;
    } catch {
      return false;
    }
  }

  /** A number that changes when another process has written. */
  version(): number {
    return this.#statements.version.get()?.data_version as number;
  }

  close(): void {
    this.#database.close();
  }

  #insert(deliveries: readonly Delivery[], now: number): readonly Delivery[] {
    return deliveries.filter(({ id, event, lane, body, urgent, trace = null }) => {
      const { changes } = this.#statements.insert.run(id, event, lane, body, urgent ? 1 : 0, now, trace);
      return changes > 0;
    });
  }

  #restsUntil(lane: string): number {
    return (this.#statements.restsUntil.get(lane)?.until as number | undefined) ?? 0;
  }
}

type StoredLetter = Pick<Delivery, "event" | "lane" | "body"> & { readonly urgent: number };
type StoredDelivery = Omit<Waiting, "lane" | "urgent"> & { readonly urgent: number };

function prepare(database: DatabaseSync) {
  return {
    insert: database.prepare(
      `INSERT INTO delivery (id, event, lane, body, urgent, accepted_at, trace) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
       WHERE NOT EXISTS (SELECT 1 FROM handled WHERE id = ?1) ON CONFLICT (id) DO NOTHING`,
    ),
    take: database.prepare(
      `SELECT id, event, body, urgent, accepted_at AS acceptedAt, attempts, trace FROM delivery
       WHERE lane = ? AND not_before <= ? ORDER BY urgent DESC, sequence LIMIT ?`,
    ),
    remember: database.prepare("INSERT OR IGNORE INTO handled (id, at) SELECT id, ? FROM delivery WHERE id = ?"),
    remove: database.prepare("DELETE FROM delivery WHERE id = ?"),
    postpone: database.prepare("UPDATE delivery SET attempts = attempts + ?, not_before = ? WHERE id = ?"),
    bury: database.prepare(
      `INSERT OR REPLACE INTO dead_letter (id, event, lane, body, urgent, reason, attempts, at)
       SELECT id, event, lane, body, urgent, ?, attempts + 1, ? FROM delivery WHERE id = ?`,
    ),
    pause: database.prepare("INSERT OR REPLACE INTO pause (lane, until) VALUES (?, ?)"),
    unpause: database.prepare("DELETE FROM pause WHERE lane = ?"),
    restsUntil: database.prepare("SELECT until FROM pause WHERE lane = ?"),
    lanes: database.prepare("SELECT lane, min(not_before) AS at FROM delivery GROUP BY lane ORDER BY min(sequence)"),
    nextOf: database.prepare("SELECT min(not_before) AS at FROM delivery WHERE lane = ?"),
    moveTimer: database.prepare(
      `INSERT INTO timer (key, lane, event, body, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET lane = excluded.lane, event = excluded.event, body = excluded.body, at = excluded.at`,
    ),
    keepTimer: database.prepare(
      "INSERT INTO timer (key, lane, event, body, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
    ),
    cancel: database.prepare("DELETE FROM timer WHERE key = ?"),
    nextTimer: database.prepare("SELECT min(at) AS at FROM timer"),
    due: database.prepare("SELECT key, lane, event, body, at FROM timer WHERE at <= ? ORDER BY at"),
    state: database.prepare(
      `SELECT count(*) AS waiting, min(accepted_at) AS oldest, (SELECT count(*) FROM dead_letter) AS dead
       FROM delivery`,
    ),
    holds: database.prepare("SELECT 1 FROM delivery WHERE lane = ? AND event = ? LIMIT 1"),
    deadLetters: database.prepare(
      `SELECT id, event, lane, reason, attempts, at FROM dead_letter
       WHERE ?1 IS NULL OR lane = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2`,
    ),
    deadIds: database.prepare("SELECT id FROM dead_letter"),
    exhume: database.prepare("DELETE FROM dead_letter WHERE id = ? RETURNING event, lane, body, urgent"),
    revive: database.prepare(
      `INSERT INTO delivery (id, event, lane, body, urgent, accepted_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body, attempts = 0, not_before = 0,
         accepted_at = excluded.accepted_at`,
    ),
    forgetHandled: database.prepare("DELETE FROM handled WHERE at < ?"),
    unremember: database.prepare("DELETE FROM handled WHERE id = ?"),
    forgetDead: database.prepare("DELETE FROM dead_letter WHERE at < ?"),
    forgetPauses: database.prepare("DELETE FROM pause WHERE until < ?"),
    version: database.prepare("PRAGMA data_version"),
  };
}
