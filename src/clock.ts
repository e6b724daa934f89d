import type { InboxClock } from "./inbox/inbox.ts";

/** Time, as the process sees it: replaced by tests that turn the clock. */
export interface Clock extends InboxClock {
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Timers of Node count in 32 bits; an hour also notices within an hour that the clock of the machine was set. */
const LONGEST_TIMER = 3_600_000;

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  alarm: (at, ring) => {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = at - Date.now();
      timer = left <= LONGEST_TIMER ? setTimeout(ring, Math.max(0, left)) : setTimeout(wait, LONGEST_TIMER);
    };
    wait();
    return () => clearTimeout(timer);
  },
};
