/**
 * Who works where: one worker for a lane, so many lanes at a time, in the order in which they asked. A lane that is rung
 * while it is worked on is looked at once more.
 */
export class Lanes {
  readonly #atOnce: number;
  readonly #work: (lane: string) => Promise<void>;
  /** Lanes that asked and have no worker yet, oldest first. */
  readonly #waiting = new Set<string>();
  readonly #busy = new Map<string, Promise<void>>();
  #isOpen = true;

  /** @param work works on a lane until there is nothing to do; it must not reject. */
  constructor(atOnce: number, work: (lane: string) => Promise<void>) {
    this.#atOnce = atOnce;
    this.#work = work;
  }

  ring(lane: string): void {
    if (!this.#isOpen) return;
    this.#waiting.add(lane);
    this.#begin();
  }

  /** Resolves when no lane is worked on and none waits. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }

  /** Begins no more, and resolves when what has begun is done. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#waiting.clear();
    await this.idle();
  }

  #begin(): void {
    for (const lane of this.#waiting) {
      if (this.#busy.size >= this.#atOnce) return;
      if (this.#busy.has(lane)) continue;
      this.#waiting.delete(lane);
      const work = this.#work(lane).finally(() => {
        this.#busy.delete(lane);
        this.#begin();
      });
      this.#busy.set(lane, work);
    }
  }
}
