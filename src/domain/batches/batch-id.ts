import { parseEcosystem } from "../ecosystem.ts";
import { DAY, parseInstant } from "../instant.ts";

/**
 * The name of a batch, in any of the forms that pipelines have written: `2026-02-18`, `2026-01-28-001`,
 * `2026-02-18-homebrew`, `2026-02-18-homebrew-002`, and `<run id>-20260218`.
 */
export interface BatchId {
  /** As it is compared and shown: lower case. Safe in branch names, trailers and search queries. */
  readonly text: string;
  /** `YYYY-MM-DD`, a day of the calendar. */
  readonly date: string;
  readonly ecosystem: string | null;
  /** The number of the batch on its day, `001`. */
  readonly sequence: string | null;
  /** The workflow run that made it. */
  readonly run: string | null;
}

const LONGEST = 80;
const DATED = /^(?<date>\d{4}-\d{2}-\d{2})(?:-(?<rest>.+))?$/;
const OF_A_RUN = /^(?<run>\d{1,20})-(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/;
const WITH_SEQUENCE = /^(?:(?<ecosystem>.+)-)?(?<sequence>\d{1,4})$/;

/** The batch id that a text is, or null. Ids are whole: what has one as its beginning is another id, or none. */
export function parseBatchId(text: string): BatchId | null {
  const id = text.toLowerCase();
  if (id.length > LONGEST) return null;
  const run = OF_A_RUN.exec(id)?.groups;
  if (run !== undefined) {
    const date = `${run.year}-${run.month}-${run.day}`;
    return isDay(date) ? { text: id, date, ecosystem: null, sequence: null, run: run.run ?? null } : null;
  }
  const { date, rest } = DATED.exec(id)?.groups ?? {};
  if (date === undefined || !isDay(date)) return null;
  if (rest === undefined) return { text: id, date, ecosystem: null, sequence: null, run: null };
  const numbered = WITH_SEQUENCE.exec(rest)?.groups;
  const name = numbered === undefined ? rest : numbered.ecosystem;
  // Git refuses branches such as `a..b` and `a.lock`, and the branch of a rollback bears the id.
  const isName = name === undefined || (parseEcosystem(name, new Map()) === name && !/\.\.|\.$|\.lock$/.test(name));
  return isName ? { text: id, date, ecosystem: name ?? null, sequence: numbered?.sequence ?? null, run: null } : null;
}

/**
 * Ids to offer when an id names nothing: the nearest days first, among those of one day the same ecosystem first. Each
 * once, at most `most`.
 */
export function nearestBatchIds(id: BatchId, others: Iterable<BatchId>, most = 5): readonly BatchId[] {
  const distance = (other: BatchId) => Math.abs(dayOf(other.date) - dayOf(id.date));
  const strangeness = (other: BatchId) => Number(other.ecosystem !== id.ecosystem);
  return [...new Map([...others].map((other) => [other.text, other])).values()]
    .toSorted((a, b) => distance(a) - distance(b) || strangeness(a) - strangeness(b) || (a.text < b.text ? -1 : 1))
    .slice(0, most);
}

/** The day `days` after a date, both `YYYY-MM-DD`. */
export function dayAfter(date: string, days: number): string {
  return new Date((dayOf(date) + days) * DAY).toISOString().slice(0, 10);
}

function isDay(date: string): boolean {
  return parseInstant(`${date}T00:00:00Z`) !== null;
}

/** Days since 1970. */
function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}
