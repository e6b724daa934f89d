/**
 * Which jobs have been counted this week, so that a doubled, late or repeated event counts once: their ids, in the order
 * of creation, which is that of the numbers.
 */
export type JobLedger = readonly number[];

/**
 * Upstream's pipeline starts 24 runs a day of 6 jobs: this is the three days for which GitHub lets a delivery be sent
 * again. With many jobs in a run it is fewer days, and about the same number of characters, because their ids lie close.
 */
export const REMEMBERED_JOBS = 432;

/**
 * Whether a job has been counted. Of jobs older than all that are remembered nobody knows, so they are taken as counted:
 * to miss one does less harm than to stop a pipeline for minutes that it did not use.
 */
export function hasCounted(ledger: JobLedger, id: number): boolean {
  const [oldest] = ledger;
  return ledger.includes(id) || (oldest !== undefined && ledger.length >= REMEMBERED_JOBS && id < oldest);
}

/** Remembers jobs and forgets the oldest beyond the bound. The order of marking makes no difference. */
export function markCounted(ledger: JobLedger, ids: Iterable<number>): JobLedger {
  return [...new Set([...ledger, ...ids])].sort((a, b) => a - b).slice(-REMEMBERED_JOBS);
}

/** So many jobs to a text: a line that still fits on a screen. */
const GROUP_SIZE = 36;

/** The distance between neighbours, which is what fits into few characters, is written with digits and letters. */
const RADIX = 36;

/** What `printJobs` writes: an id, and the distance of each next one from the one before it. */
const GROUP = /^\d{1,15}(?: [0-9a-z]{1,10})*$/;

/** The ledger as the file keeps it: `48211200345 1 1 pd` are four jobs, 1, 1 and 913 apart. */
export function printJobs(ledger: JobLedger): readonly string[] {
  const groups: string[] = [];
  for (let at = 0; at < ledger.length; at += GROUP_SIZE) {
    const [first = 0, ...others] = ledger.slice(at, at + GROUP_SIZE);
    const distances = others.map((id, index) => (id - (ledger[at + index] ?? 0)).toString(RADIX));
    groups.push([first, ...distances].join(" "));
  }
  return groups;
}

/** The inverse of `printJobs`; null for a text that it does not write. */
export function parseJobs(groups: readonly string[]): JobLedger | null {
  const ids: number[] = [];
  for (const group of groups) {
    if (!GROUP.test(group)) return null;
    const [first, ...distances] = group.split(" ");
    let id = Number(first);
    ids.push(id);
    for (const distance of distances) {
      id += Number.parseInt(distance, RADIX);
      ids.push(id);
    }
  }
  return ids.every(Number.isSafeInteger) ? markCounted([], ids) : null;
}
