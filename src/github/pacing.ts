import PQueue from "p-queue";
import { HOUR, MINUTE } from "../domain/instant.ts";

/** How soon a call is needed. Safety commands overtake everything; housekeeping never uses up what they may need. */
export type Urgency = "safety" | "command" | "housekeeping";

const PRIORITY: Readonly<Record<Urgency, number>> = { safety: 2, command: 1, housekeeping: 0 };

// GitHub documentation, "Rate limits for the REST API", secondary limits: "In general, no more than 80 content-generating
// requests per minute and no more than 500 content-generating requests per hour are allowed."
const PER_MINUTE = 80;
const PER_HOUR = 500;
// What housekeeping leaves for people: a stop must not wait for the next minute because breakers were being counted.
const RESERVED = 0.25;
// GitHub allows 100 concurrent requests; a handful keeps one repository's chain and another's from waiting on each other.
const CONCURRENT_WRITES = 8;

/** Runs writes of one installation inside GitHub's published limits, most urgent first. */
export class WriteLanes {
  readonly #minute = new PQueue({
    concurrency: CONCURRENT_WRITES,
    interval: MINUTE,
    intervalCap: PER_MINUTE,
    strict: true,
  });
  readonly #hour = new PQueue({ interval: HOUR, intervalCap: PER_HOUR, strict: true });
  readonly #housekeepingMinute = new PQueue({
    interval: MINUTE,
    intervalCap: PER_MINUTE * (1 - RESERVED),
    strict: true,
  });
  readonly #housekeepingHour = new PQueue({ interval: HOUR, intervalCap: PER_HOUR * (1 - RESERVED), strict: true });

  /** Performs `write` as soon as every limit allows it. */
  run<T>(urgency: Urgency, write: () => Promise<T>): Promise<T> {
    const lanes =
      urgency === "housekeeping"
        ? [this.#housekeepingHour, this.#housekeepingMinute, this.#hour, this.#minute]
        : [this.#hour, this.#minute];
    const through = lanes.reduceRight<() => Promise<T>>(
      (inner, lane) => () => lane.add(inner, { priority: PRIORITY[urgency] }),
      write,
    );
    return through();
  }
}
