import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../src/service.ts";

/** A clock that hardly waits, and remembers how long it was asked to. */
export interface HastyClock extends Clock {
  /** Milliseconds of every wait, in their order. */
  readonly waits: readonly number[];
}

const LONGEST_SLEEP = 5;

export function hastyClock(): HastyClock {
  const waits: number[] = [];
  return {
    waits,
    now: Date.now,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      await delay(Math.min(milliseconds, LONGEST_SLEEP));
    },
  };
}
