import PQueue from "p-queue";
import { HOUR, MINUTE, SECOND } from "../domain/instant.ts";
import { WritesSpent } from "./failure.ts";

/**
 * How soon a write is needed. Safety commands overtake everything, and neither commands nor housekeeping use up what those
 * may need. A courtesy is worth nothing late: it is sent at once or not at all.
 */
export type Urgency = "safety" | "command" | "housekeeping" | "courtesy";

const PRIORITY: Readonly<Record<Urgency, number>> = { safety: 2, command: 1, courtesy: 1, housekeeping: 0 };

/** How much an installation may write. */
export interface WriteLimits {
  readonly perMinute: number;
  readonly perHour: number;
}

/**
 * GitHub documentation, "Rate limits for the REST API", secondary limits: "In general, no more than 80 content-generating
 * requests per minute and no more than 500 content-generating requests per hour are allowed."
 */
export const WRITE_LIMITS: WriteLimits = { perMinute: 80, perHour: 500 };

// What housekeeping leaves for people: a stop must not wait for the next minute because breakers were being counted.
const RESERVED_FOR_PEOPLE = 0.25;
// What all else leaves for a stop and its answer, nine writes: strangers may comment as often as they like, and are answered.
const RESERVED_FOR_SAFETY = 0.125;
// What waits holds up everything of its repository, a stop too: it comes back when there may be room.
const LONGEST_WAIT = { command: 2 * SECOND, housekeeping: 5 * SECOND } as const;
// GitHub allows 100 concurrent requests; a handful keeps one repository's chain and another's from waiting on each other.
const CONCURRENT_WRITES = 8;

/** A courtesy that would have had to wait. */
class NoRoom extends Error {
  override readonly name = "NoRoom";
  constructor() {
    super("left out: the installation's write limit is used up for now");
  }
}

/** Runs writes of one installation inside GitHub's published limits, most urgent first. */
export class WriteLanes {
  readonly #all: readonly PQueue[];
  readonly #notSafety: readonly PQueue[];
  readonly #notPeople: readonly PQueue[];

  constructor(limits: WriteLimits) {
    this.#all = queues(limits, 1, CONCURRENT_WRITES);
    this.#notSafety = queues(limits, 1 - RESERVED_FOR_SAFETY);
    this.#notPeople = queues(limits, 1 - RESERVED_FOR_PEOPLE);
  }

  /**
   * Performs `write` as soon as every limit allows it.
   * @throws {NoRoom} for a courtesy that would have to wait; {WritesSpent} for what would have to wait long and is no safety.
   */
  run<T>(urgency: Urgency, write: () => Promise<T>): Promise<T> {
    const waiting = new AbortController();
    let isBegun = false;
    const begin = () => {
      isBegun = true;
      return write();
    };
    const through = this.#lanes(urgency).reduceRight<() => Promise<T>>(
      (inner, lane) => () => lane.add(inner, { priority: PRIORITY[urgency], signal: waiting.signal }),
      begin,
    );
    const done = through();
    // What a queue has room for it begins before it returns.
    if (isBegun) return done;
    if (urgency === "courtesy") waiting.abort(new NoRoom());
    if (urgency === "courtesy" || urgency === "safety") return done;
    const giveUp = () => isBegun || waiting.abort(new WritesSpent(Date.now() + MINUTE));
    const timer = setTimeout(giveUp, LONGEST_WAIT[urgency]);
    return done.finally(() => clearTimeout(timer));
  }

  #lanes(urgency: Urgency): readonly PQueue[] {
    switch (urgency) {
      case "safety":
        return this.#all;
      case "command":
      case "courtesy":
        return [...this.#notSafety, ...this.#all];
      case "housekeeping":
        return [...this.#notPeople, ...this.#notSafety, ...this.#all];
    }
  }
}

/**
 * A share of the limits: by the minute, and then by the hour. Who gives up waiting for the minute has taken nothing of
 * the hour.
 */
function queues(
  { perMinute, perHour }: WriteLimits,
  share: number,
  concurrency = Number.POSITIVE_INFINITY,
): readonly PQueue[] {
  return [
    new PQueue({ interval: MINUTE, intervalCap: Math.floor(perMinute * share), strict: true }),
    new PQueue({ interval: HOUR, intervalCap: Math.floor(perHour * share), strict: true, concurrency }),
  ];
}
