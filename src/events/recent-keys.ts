const MOST_REMEMBERED = 10_000;

/**
 * Keys of what this process has seen to, so that nobody looks for it: a new process begins with none. Bounded like
 * everything: of too many the oldest is forgotten, which costs some calls once it is looked for and found done.
 */
export class RecentKeys {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > MOST_REMEMBERED && oldest !== undefined) this.#keys.delete(oldest);
  }
}
