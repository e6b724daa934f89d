import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../src/service.ts";

/** A clock that can be turned: an hour of recovery passes at once. What is waited for by it, really takes its time. */
export interface TurnableClock extends Clock {
  turn(milliseconds: number): void;
}

/** @param startsAt epoch milliseconds that it shows now. */
export function turnableClock(startsAt: number): TurnableClock {
  let offset = startsAt - Date.now();
  return {
    now: () => Date.now() + offset,
    sleep: (milliseconds) => delay(milliseconds),
    turn: (milliseconds) => {
      offset += milliseconds;
    },
  };
}
