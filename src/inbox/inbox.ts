/** Something to be handled: a webhook, a timer that is due, or an event that reconciliation found missing. */
export interface Delivery {
  /** Taken over once: `X-GitHub-Delivery`, the same for every delivery of one event, or a name that says what was found. */
  readonly id: string;
  /** `X-GitHub-Event`, or the name of an event of our own. */
  readonly event: string;
  /** What is handled one at a time: `laneOf` the repository, or "" for events of none. */
  readonly lane: string;
  /** JSON: as much of the payload as its handler reads, or all of it. */
  readonly body: string;
  /** Whether a person waits for it: then it is handed out before what does not hurry. */
  readonly urgent: boolean;
  /** The trace that it belongs to (W3C `traceparent`); null or absent when nobody follows it. */
  readonly trace?: string | null;
}

/** The lane of a repository by its full name, which GitHub spells in any case. */
export function laneOf(fullName: string): string {
  return fullName.toLowerCase();
}

/** A delivery that was taken over and is not handled yet. */
export interface Waiting extends Delivery {
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
  /** How often it was tried already. */
  readonly attempts: number;
}

/** What became of the deliveries that a handler was given; one that is not named waits as before. */
export interface Handled {
  /** Ids: handled, or of no use any more. */
  readonly done: readonly string[];
  /** Tried in vain, and to be tried again at a time; the others of the lane do not wait for them. */
  readonly retry: readonly { readonly id: string; readonly at: number; readonly reason: string }[];
  /** Not tried: to be handed out at a time, with what comes until then. */
  readonly later: readonly { readonly id: string; readonly at: number }[];
  /** Never to be tried again by itself. */
  readonly dead: readonly { readonly id: string; readonly reason: string }[];
  /** Until then the whole lane rests, whatever comes; null when it need not. */
  readonly pauseUntil: number | null;
}

/**
 * Handles what waits for a lane, all of it at once. It may be given the same deliveries again, after a crash for example,
 * and they must then have no second effect.
 */
export type LaneHandler = (lane: string, waiting: readonly Waiting[]) => Promise<Handled>;

/** A delivery that will come by itself. One key has one timer: set again, it moves. */
export interface Timer {
  readonly key: string;
  readonly lane: string;
  readonly event: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A delivery that was given up, kept for people to look at and to put back. */
export interface DeadLetter {
  readonly id: string;
  readonly event: string;
  readonly lane: string;
  readonly reason: string;
  readonly attempts: number;
  /** When it was given up, epoch milliseconds. */
  readonly at: number;
}

export interface InboxState {
  readonly waiting: number;
  /** When the oldest that waits was taken over, epoch milliseconds; null when none waits. */
  readonly oldest: number | null;
  readonly dead: number;
}

/**
 * Carries deliveries from the answer to GitHub to their handling: durable, each id once, in a lane one handler at a time,
 * lanes in parallel. At least once: what a crash interrupts is handed out again, so handlers are idempotent.
 */
export interface Inbox {
  /**
   * Takes deliveries over, all or none. When this resolves they are on disk, and it is safe to tell GitHub so. Ids that
   * were taken over within the last seven days are left out.
   * @throws {InboxUnavailable} when they cannot be written, or no more are taken.
   */
  accept(deliveries: readonly Delivery[]): Promise<void>;
  /** Begins to hand out, with what an earlier process left first. */
  start(handle: LaneHandler): Promise<void>;
  /** Whether deliveries are taken over at present. */
  isOpen(): boolean;
  /** Sets or moves timers; `keep` leaves one that is set already where it is. Due, each becomes a delivery, once. */
  schedule(timers: readonly Timer[], mode?: "move" | "keep"): Promise<void>;
  cancel(key: string): Promise<void>;
  state(): Promise<InboxState>;
  /** Whether an event of a name waits for a lane: it has come, and is not handled yet or is to be tried again. */
  holds(lane: string, event: string): Promise<boolean>;
  /** The newest first; of one lane, or of all. */
  deadLetters(filter: { readonly lane?: string; readonly most: number }): Promise<readonly DeadLetter[]>;
  /** Puts dead letters back, as if they had just come; returns how many. */
  redrive(ids: readonly string[] | "all"): Promise<number>;
  /** Resolves when nothing is being handled and nothing waits that could be handled now. */
  idle(): Promise<void>;
  /** Takes no more, waits for what is being handled, and leaves the rest for the next process. */
  close(): Promise<void>;
}

/** Deliveries cannot be taken over at present: GitHub is told so, and lists them for another time. */
export class InboxUnavailable extends Error {
  override readonly name = "InboxUnavailable";
}

/** The time, as an inbox sees it: replaced by tests that turn the clock. */
export interface InboxClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once when it is `at`, or at once when it is later; returns how to cancel that. */
  readonly alarm: (at: number, ring: () => void) => () => void;
}

/** What an inbox tells whoever operates it: details first, then a constant message. */
export interface InboxLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** How long an inbox knows an id that was handled: more than the three days in which GitHub delivers an event again. */
export const REMEMBERED = 7 * 24 * 3_600_000;

/** How long dead letters are kept. */
export const DEAD_LETTERS_KEPT = 90 * 24 * 3_600_000;

/** How many lanes one process works on at a time. */
export const LANES_AT_ONCE = 10;

// What is handed out at once is bounded: a payload may have 25 MB, and a bad day thousands of them.
export const MOST_AT_ONCE = 500;
export const MOST_CHARACTERS_AT_ONCE = 16_000_000;

/** How long a lane rests whose handler failed as a whole, which handlers are not meant to do. */
export const REST_AFTER_FAULT = 10_000;

/** How often the engines forget what is older than has to be known. */
export const BETWEEN_CLEANINGS = 3_600_000;

/** Whether a handler named nothing and asks for no rest: it would be given the same at once, for ever. */
export function isIdle({ done, retry, later, dead, pauseUntil }: Handled): boolean {
  return done.length + retry.length + later.length + dead.length === 0 && pauseUntil === null;
}

/** The delivery that a timer becomes. The moment is part of its id: set again for another, it is another delivery. */
export function deliveryOf({ key, lane, event, body, at }: Timer): Delivery {
  return { id: `timer:${key}:${at}`, event, lane, body, urgent: false };
}
