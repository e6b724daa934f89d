import { setTimeout as delay } from "node:timers/promises";
import { type Clock, SYSTEM_CLOCK } from "../src/clock.ts";

/** A clock that can be turned: an hour of recovery passes at once. What is slept by it, really takes its time. */
export interface TurnableClock extends Clock {
  /** Lets time pass at once: alarms ring that become due. */
  turn(milliseconds: number): void;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
  cancel: () => void;
}

/** @param startsAt epoch milliseconds that it shows now. */
export function turnableClock(startsAt = Date.now()): TurnableClock {
  const alarms = new Set<Alarm>();
  let offset = startsAt - Date.now();
  const now = () => Date.now() + offset;
  const arm = (alarm: Alarm) => {
    alarm.cancel = SYSTEM_CLOCK.alarm(alarm.at - offset, alarm.ring);
  };
  return {
    now,
    sleep: (milliseconds) => delay(milliseconds),
    alarm: (at, ring) => {
      const alarm: Alarm = { at, ring: () => void (alarms.delete(alarm) && ring()), cancel: () => {} };
      alarms.add(alarm);
      arm(alarm);
      return () => {
        alarm.cancel();
        alarms.delete(alarm);
      };
    },
    turn: (milliseconds) => {
      offset += milliseconds;
      for (const alarm of [...alarms].sort((a, b) => a.at - b.at)) {
        alarm.cancel();
        if (alarm.at <= now()) alarm.ring();
        else arm(alarm);
      }
    },
  };
}
