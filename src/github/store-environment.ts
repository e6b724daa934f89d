import type { Measures } from "./measures.ts";
import type { Repository } from "./repository.ts";
import type { Seal } from "./seal.ts";
import type { Settlement } from "./settle.ts";

/** What a store needs of the process. */
export interface StoreEnvironment {
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly botLogin: () => Promise<string>;
  /** Told of this app's own login, which GitHub mentions by the way. */
  readonly learnLogin: (login: string) => void;
  readonly seal: Seal;
  /** Tells whoever made a change by hand what becomes of it, before it is written; must not reject. */
  readonly tellAuthors: (repository: Repository, settlements: readonly Settlement[]) => Promise<void>;
  readonly log: { warn(details: object, message: string): void };
  readonly measures: Measures;
}

const BACKOFF = 50;

/** Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): writers that collided do not collide again. */
export function pauseAfterConflict(
  attempt: number,
  { measures, sleep, random }: Pick<StoreEnvironment, "measures" | "sleep" | "random">,
): Promise<void> {
  measures.conflict();
  return sleep(random() * BACKOFF * 2 ** attempt);
}
