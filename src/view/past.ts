import type { PastVersion } from "../domain/control/past-version.ts";
import { DAY, type Duration, type Instant } from "../domain/instant.ts";
import { readHistory } from "../github/control-history.ts";
import type { Repository } from "../github/repository.ts";

/** How far back versions are read, and how many at most: what a page draws of a year, and a few megabytes of memory. */
const LOOK_BACK = 366 * DAY;
const MOST_VERSIONS = 2000;
/** The newest versions are waited for; a year of them is gathered behind the back of whoever looks. */
const WAITED_FOR = 1;

/**
 * The earlier versions of one repository's control file, newest first. They are read from git, never stored: what was read
 * once is kept in memory, because a commit does not change.
 */
export class Past {
  #versions: readonly PastVersion[] = [];
  /** Where the reading goes on towards the beginning; null once that is reached. */
  #older: string | null = null;
  #isGathering = false;

  get versions(): readonly PastVersion[] {
    return this.#versions;
  }

  /** Whether there is nothing more to be gathered. */
  get isComplete(): boolean {
    return this.#older === null;
  }

  /** Reads what is new since the last time: one call, more only where many commits have come meanwhile. */
  async update(repository: Repository, path: string, now: Instant): Promise<void> {
    const known = this.#versions[0]?.sha;
    const since = now - LOOK_BACK;
    const news: PastVersion[] = [];
    let after: string | null = null;
    for (let call = 0; call < WAITED_FOR || known !== undefined; call += 1) {
      const page = await readHistory(repository, { path, since, after });
      const index = page.versions.findIndex(({ sha }) => sha === known);
      news.push(...(index === -1 ? page.versions : page.versions.slice(0, index)));
      after = page.next;
      if (index !== -1) {
        this.#versions = share([...news, ...this.#versions]).slice(0, MOST_VERSIONS);
        return;
      }
      // What was known is not in the history any more: somebody has rewritten it.
      if (after === null || news.length >= MOST_VERSIONS) break;
    }
    this.#versions = share(news);
    this.#older = after;
  }

  /**
   * Reads on towards the beginning, one call after the other, and tells when there is more to show; nothing while another
   * does so.
   *
   * @param back how far back at least; default all there is
   */
  async gather(
    repository: Repository,
    path: string,
    now: Instant,
    tell: () => void,
    back: Duration = LOOK_BACK,
  ): Promise<void> {
    const isEnough = () => this.#older === null || (this.#versions.at(-1)?.at ?? now) < now - back;
    if (this.#isGathering || isEnough()) return;
    this.#isGathering = true;
    try {
      while (this.#older !== null && !isEnough() && this.#versions.length < MOST_VERSIONS) {
        const from: string = this.#older;
        const page = await readHistory(repository, { path, since: now - LOOK_BACK, after: from });
        // An update in between began anew.
        if (this.#older !== from) continue;
        this.#versions = share([...this.#versions, ...page.versions]);
        this.#older = page.next;
      }
      if (this.#versions.length >= MOST_VERSIONS) this.#older = null;
      tell();
    } finally {
      this.#isGathering = false;
    }
  }
}

/** Versions that say the same of the breakers share it: most commits count a run and change no state. */
function share(versions: readonly PastVersion[]): readonly PastVersion[] {
  let last: PastVersion["breakers"] = new Map();
  return versions.map((version) => {
    if (isSame(version.breakers, last)) return version.breakers === last ? version : { ...version, breakers: last };
    last = version.breakers;
    return version;
  });
}

function isSame(one: PastVersion["breakers"], other: PastVersion["breakers"]): boolean {
  return one.size === other.size && [...one].every(([name, state]) => other.get(name) === state);
}
