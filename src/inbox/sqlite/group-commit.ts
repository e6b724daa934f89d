interface Part<Item> {
  readonly items: readonly Item[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets all that is added in one turn of the event loop share one commit: a commit waits for the disk, and costs the same
 * for one webhook as for fifty that arrived together.
 */
export class GroupCommit<Item> {
  readonly #commit: (items: readonly Item[]) => void;
  #parts: Part<Item>[] = [];

  constructor(commit: (items: readonly Item[]) => void) {
    this.#commit = commit;
  }

  /** Resolves once the items are committed; rejects with what kept their commit from being made. */
  add(items: readonly Item[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#parts.length === 0) setImmediate(() => this.flush());
      this.#parts.push({ items, resolve, reject });
    });
  }

  /** Commits at once what has been added. */
  flush(): void {
    const parts = this.#parts;
    this.#parts = [];
    if (parts.length === 0) return;
    try {
      this.#commit(parts.flatMap(({ items }) => items));
      for (const { resolve } of parts) resolve();
    } catch (error) {
      for (const { reject } of parts) reject(error);
    }
  }
}
