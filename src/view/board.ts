import type { PastVersion } from "../domain/control/past-version.ts";
import { DAY, type Duration, type Instant, MINUTE } from "../domain/instant.ts";
import { messageOf } from "../github/failure.ts";
import type { Repository } from "../github/repository.ts";
import { laneOf } from "../inbox/inbox.ts";
import { Past } from "./past.ts";
import { type RepositoryView, readStanding, readView, type Standing, type ViewSources } from "./repository-view.ts";

/** A view, and the earlier versions of the control file, newest first. */
export interface Panorama extends RepositoryView {
  readonly versions: readonly PastVersion[];
  /** Whether a year of versions has been gathered, or all there are. */
  readonly isPastComplete: boolean;
}

interface BoardSettings {
  readonly sources: ViewSources;
  /** Whether every event of a repository comes through this process, and not through others that share the inbox. */
  readonly hearsAll: boolean;
  readonly log: { warn(details: object, message: string): void };
}

/** What is known of one repository. */
interface Entry {
  readonly past: Past;
  view: { readonly value: RepositoryView; readonly at: Instant } | null;
  standing: { readonly value: Standing; readonly at: Instant } | null;
  /** Counts what happened there, so that a reading that something overtook is known to be old. */
  changes: number;
  /** The reading under way, which whoever asks meanwhile shares. */
  reading: Promise<RepositoryView> | null;
}

const MOST_ENTRIES = 200;
const WEEK = 7 * DAY;
/** How long a view is good where every event of its repository comes through this process, and where others share them. */
const LOOK_AGAIN = { alone: 5 * MINUTE, shared: MINUTE } as const;
// A burst of events is told of once, and soon enough for somebody who watches.
const SETTLING = 200;

/**
 * The views of repositories that somebody looks at: read when they are asked for, kept until something happens in the
 * repository, and shared by all who look. Watchers are told when it is worth asking again.
 */
export class Board {
  readonly #settings: BoardSettings;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #telling = new Map<string, NodeJS.Timeout>();

  constructor(settings: BoardSettings) {
    this.#settings = settings;
  }

  /** All that is shown of a repository: without any call to GitHub when nothing has happened there. */
  async look(repository: Repository): Promise<Panorama> {
    const entry = this.#entry(repository.fullName);
    const value = this.#isFresh(entry.view) && entry.view ? entry.view.value : await this.#read(repository, entry);
    if (!entry.past.isComplete) void this.#gatherPast(repository, entry);
    const { versions, isComplete } = entry.past;
    return { ...value, versions, isPastComplete: isComplete };
  }

  /** As it is now, for what is drawn because something happened: with the versions of the last week alone. */
  async lookAnew(repository: Repository): Promise<Panorama> {
    const entry = this.#entry(repository.fullName);
    // Where others hear of what happens, nobody has said that what is known is old.
    if (!this.#settings.hearsAll) entry.changes += 1;
    const isKnown = this.#settings.hearsAll && this.#isFresh(entry.view);
    const value = isKnown && entry.view ? entry.view.value : await this.#read(repository, entry);
    await this.#gatherPast(repository, entry, WEEK);
    const { versions, isComplete } = entry.past;
    return { ...value, versions, isPastComplete: isComplete };
  }

  /** How a pipeline stands, for a list of many. */
  async glance(repository: Repository): Promise<Standing> {
    const entry = this.#entry(repository.fullName);
    for (const known of [entry.view, entry.standing]) if (known !== null && this.#isFresh(known)) return known.value;
    const { changes } = entry;
    const value = await readStanding(repository, this.#settings.sources);
    if (entry.changes === changes) entry.standing = { value, at: this.#now() };
    return value;
  }

  /** Something has happened in a repository, or is about to follow: what is known of it is old. */
  changed(lane: string): void {
    const entry = this.#entries.get(laneOf(lane));
    if (entry !== undefined) {
      entry.changes += 1;
      entry.view = null;
      entry.standing = null;
    }
    this.#tellSoon(laneOf(lane));
  }

  /** Calls back after something has happened in a repository; returns how to end that. */
  watch({ fullName }: Repository, listener: () => void): () => void {
    const lane = laneOf(fullName);
    const listeners = this.#watchers.getOrInsertComputed(lane, () => new Set());
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#watchers.delete(lane);
    };
  }

  /** Tells nobody anything any more. */
  close(): void {
    for (const timer of this.#telling.values()) clearTimeout(timer);
    this.#watchers.clear();
  }

  #read(repository: Repository, entry: Entry): Promise<RepositoryView> {
    entry.reading ??= this.#readOnce(repository, entry).finally(() => {
      entry.reading = null;
    });
    return entry.reading;
  }

  async #readOnce(repository: Repository, entry: Entry): Promise<RepositoryView> {
    const { sources } = this.#settings;
    for (let attempt = 0; ; attempt += 1) {
      const { changes } = entry;
      const { control_file: path } = await sources.store.settings(repository);
      const [value] = await Promise.all([readView(repository, sources), this.#updatePast(repository, entry, path)]);
      const isOvertaken = entry.changes !== changes;
      if (isOvertaken && attempt === 0) continue;
      if (!isOvertaken && isWhole(value)) entry.view = { value, at: this.#now() };
      return value;
    }
  }

  /** A page without its history is still worth having. */
  async #updatePast(repository: Repository, { past }: Entry, path: string): Promise<void> {
    try {
      await past.update(repository, path, this.#now());
    } catch (error) {
      const details = { repository: repository.fullName, reason: messageOf(error) };
      this.#settings.log.warn(details, "history could not be read");
    }
  }

  /** Goes on reading history behind the back of whoever looks; after a failure the next look tries again. */
  async #gatherPast(repository: Repository, { past }: Entry, back?: Duration): Promise<void> {
    const { sources, log } = this.#settings;
    try {
      const { control_file: path } = await sources.store.settings(repository);
      const tell = () => this.#tellSoon(laneOf(repository.fullName));
      await past.gather(repository, path, this.#now(), tell, back);
    } catch (error) {
      log.warn({ repository: repository.fullName, reason: messageOf(error) }, "history could not be read");
    }
  }

  #isFresh(known: { readonly at: Instant } | null): boolean {
    const lookAgainAfter = this.#settings.hearsAll ? LOOK_AGAIN.alone : LOOK_AGAIN.shared;
    return known !== null && this.#now() - known.at < lookAgainAfter;
  }

  #tellSoon(lane: string): void {
    if (!this.#watchers.has(lane) || this.#telling.has(lane)) return;
    const tell = () => {
      this.#telling.delete(lane);
      for (const listener of this.#watchers.get(lane) ?? []) listener();
    };
    this.#telling.set(lane, setTimeout(tell, SETTLING).unref());
  }

  #entry(fullName: string): Entry {
    const lane = laneOf(fullName);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MOST_ENTRIES && oldest !== undefined && !this.#entries.has(lane)) {
      this.#entries.delete(oldest);
    }
    return this.#entries.getOrInsertComputed(lane, () => ({
      past: new Past(),
      view: null,
      standing: null,
      changes: 0,
      reading: null,
    }));
  }

  #now(): Instant {
    return this.#settings.sources.now();
  }
}

/** What could not be read is tried again with the next look. */
export function isWhole({ incidents, runs, batches }: RepositoryView): boolean {
  return [incidents, runs, batches].every(({ kind }) => kind === "known");
}
