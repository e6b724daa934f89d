/** A moment: epoch milliseconds, UTC. Texts (ISO 8601, UTC) exist only at the edges: files, payloads, replies. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Duration = number;

export const SECOND: Duration = 1000;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;

// Seconds precision and a literal zone, as `date -u +%Y-%m-%dT%H:%M:%SZ` of the upstream scripts prints it; fractions and
// offsets are read too, because people write them. A date without a zone is refused: it would mean another moment here.
const ISO_INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

// What `printInstant` can print back with a year of four digits.
const EARLIEST = Date.parse("0000-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59Z") + 999;

/** A moment or a length of time without its milliseconds, for which the control file has no room. */
export function wholeSeconds(time: Instant | Duration): number {
  return Math.floor(time / SECOND) * SECOND;
}

/** The moment an ISO 8601 text with a zone names, or null when the text names none: 30 February is none. */
export function parseInstant(text: unknown): Instant | null {
  const date = typeof text === "string" ? ISO_INSTANT.exec(text)?.[1] : undefined;
  if (typeof text !== "string" || date === undefined || !isCalendarDate(date)) return null;
  const milliseconds = Date.parse(text);
  return milliseconds >= EARLIEST && milliseconds <= LATEST ? milliseconds : null;
}

function isCalendarDate(date: string): boolean {
  const milliseconds = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(date);
}

/** ISO 8601 in UTC with whole seconds, `2026-01-28T03:15:00Z`: the form the control file has always used. */
export function printInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
