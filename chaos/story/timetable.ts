const HOUR = 3_600_000;
const MINUTE = 60_000;

/** How far back a story begins: less than the three days in which reconciliation looks for what was missed. */
const SPAN = 60 * HOUR;

/**
 * When the runs of a story end. Breakers are due whole hours after a failure, so that runs that end at a distance of at
 * least a quarter of an hour from the full hours before the base make no breaker due while the story is played: what a
 * timer does then would depend on how long the play takes.
 */
export class Timetable {
  readonly #base: number;
  #hours = SPAN / HOUR;

  /** @param base epoch milliseconds: when the story is played. */
  constructor(base: number) {
    this.#base = base;
  }

  /** Start and end of the next run, so many hours after the last one. */
  next(hours: number, minutes: number): { readonly startedAt: string; readonly completedAt: string } {
    this.#hours -= hours;
    if (this.#hours < 1) throw new RangeError("the story is too long for its timetable");
    const end = this.#base - this.#hours * HOUR - (15 + (minutes % 30)) * MINUTE;
    return { startedAt: iso(end - 10 * MINUTE), completedAt: iso(end) };
  }

  /**
   * Whether a moment is one at which something was done while the story was played, or follows from one by whole hours:
   * what follows from the end of a run is never within a quarter of an hour after such a moment.
   */
  isOfThePlay(moment: number): boolean {
    const since = moment - this.#base + ROUNDING;
    return since >= 0 && since % HOUR < 15 * MINUTE;
  }
}

// What a clock shows may be rounded down to whole seconds.
const ROUNDING = 2000;

function iso(moment: number): string {
  return new Date(Math.floor(moment / 1000) * 1000).toISOString();
}
