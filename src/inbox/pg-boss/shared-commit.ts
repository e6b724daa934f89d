/**
 * Lets all that is added while one commit is under way share the next: a commit is a round trip to the database, and
 * costs the same for one webhook as for fifty that arrived together.
 */
export class SharedCommit<Item> {
  readonly #commit: (items: readonly Item[]) => Promise<void>;
  #items: Item[] = [];
  #underWay: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(commit: (items: readonly Item[]) => Promise<void>) {
    this.#commit = commit;
  }

  /** Resolves once the items are committed; rejects with what kept their commit from being made. */
  add(items: readonly Item[]): Promise<void> {
    this.#items.push(...items);
    this.#next ??= this.#begin();
    return this.#next;
  }

  /** Resolves when nothing is being committed, however it ended. */
  async idle(): Promise<void> {
    await (this.#next ?? this.#underWay).catch(() => {});
  }

  async #begin(): Promise<void> {
    await this.#underWay.catch(() => {});
    const items = this.#items;
    this.#items = [];
    this.#next = null;
    this.#underWay = this.#commit(items);
    return this.#underWay;
  }
}
