import { setTimeout as delay } from "node:timers/promises";
import { type TurnableClock, turnableClock } from "../turnable-clock.ts";

/** A clock that hardly waits when it is asked to sleep, and remembers how long it was asked to. */
export interface HastyClock extends TurnableClock {
  /** Milliseconds of every sleep, in their order. */
  readonly waits: readonly number[];
}

const LONGEST_SLEEP = 5;

export function hastyClock(): HastyClock {
  const waits: number[] = [];
  const sleep = async (milliseconds: number) => {
    waits.push(milliseconds);
    await delay(Math.min(milliseconds, LONGEST_SLEEP));
  };
  return { ...turnableClock(), waits, sleep };
}
