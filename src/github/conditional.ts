import { statusOf } from "./failure.ts";

/** What a read gave that is new; `keep` is called once it has been acted on, so that a failure on the way is made up for. */
export interface News<T> {
  readonly data: T;
  keep(): void;
}

interface Answer<T> {
  readonly data: T;
  readonly headers: { readonly etag?: string | undefined };
}

/** Bounded like everything: the oldest is forgotten, which costs one full answer. */
const MOST_REMEMBERED = 10_000;

/**
 * Reads that are asked again and again, and answered in full only when something changed: GitHub answers 304 to the ETag
 * that it gave before, which does not count against the rate limit (GitHub documentation, "Best practices for using the
 * REST API").
 */
export class ConditionalReader {
  readonly #etags = new Map<string, string>();

  /**
   * @param key names what is read, with its parameters.
   * @param get performs the read with these headers.
   * @returns null when nothing changed since the last answer that was kept.
   */
  async news<T>(
    key: string,
    get: (headers: Readonly<Record<string, string>>) => Promise<Answer<T>>,
  ): Promise<News<T> | null> {
    const known = this.#etags.get(key);
    try {
      const { data, headers } = await get(known === undefined ? {} : { "if-none-match": known });
      return { data, keep: () => this.#remember(key, headers.etag) };
    } catch (error) {
      if (statusOf(error) === 304) return null;
      throw error;
    }
  }

  #remember(key: string, etag: string | undefined): void {
    if (etag === undefined) return;
    this.#etags.delete(key);
    this.#etags.set(key, etag);
    const [oldest] = this.#etags.keys();
    if (this.#etags.size > MOST_REMEMBERED && oldest !== undefined) this.#etags.delete(oldest);
  }
}
