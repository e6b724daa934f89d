/** Runs one at a time, and once more when that was asked for meanwhile. */
export class Rounds {
  readonly #run: () => Promise<void>;
  #underWay: Promise<void> | null = null;
  #isAsked = false;

  /** @param run must not reject. */
  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  ask(): void {
    this.#isAsked = true;
    this.#underWay ??= this.#runWhileAsked();
  }

  isUnderWay(): boolean {
    return this.#underWay !== null;
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    await this.#underWay;
  }

  async #runWhileAsked(): Promise<void> {
    while (this.#isAsked) {
      this.#isAsked = false;
      await this.#run();
    }
    this.#underWay = null;
  }
}
