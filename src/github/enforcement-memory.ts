import type { Repository } from "./repository.ts";

const MOST_FOLLOWED = 1000;

/**
 * What a process knows of its own enforcing. Lost with the process, it costs a few calls and nothing else: the next look finds
 * what is to be done.
 */
export class EnforcementMemory {
  readonly #followed = new Set<string>();
  readonly #unfinished = new Set<string>();

  /** Whether this process did what follows from a commit of this app's, named by the deliveries behind it. */
  isFollowed(events: readonly string[]): boolean {
    return events.some((event) => this.#followed.has(event));
  }

  /** Remembers that everything was done that follows from a delivery. */
  follow(events: readonly string[]): void {
    for (const event of events) {
      const [oldest] = this.#followed;
      if (this.#followed.size >= MOST_FOLLOWED && oldest !== undefined) this.#followed.delete(oldest);
      this.#followed.add(event);
    }
  }

  /** Whether something is left to be done, or to be done again, in a repository. */
  isUnfinished({ fullName }: Repository): boolean {
    return this.#unfinished.has(fullName);
  }

  /** Remembers that there is something to do, until all of it is done. */
  expect({ fullName }: Repository): void {
    this.#unfinished.add(fullName);
  }

  /** Forgets that, because all of it was done. */
  finish({ fullName }: Repository): void {
    this.#unfinished.delete(fullName);
  }
}
