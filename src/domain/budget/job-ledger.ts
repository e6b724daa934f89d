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

/** Ids further apart than this are written in full. */
const NEAR = 1_000_000;

/** What `printJobs` writes: an id, and the distance of each next one from the one before it. */
const GROUP = /^\d{1,15}(?:\+\d{1,15})*$/;

/** The ledger as the file keeps it, one text for jobs that were created together: `48211200345+1+1+913`. */
export function printJobs(ledger: JobLedger): readonly string[] {
  const groups: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const id of ledger) {
    const distance = id - last;
    if (distance < NEAR) groups.push(`${groups.pop()}+${distance}`);
    else groups.push(String(id));
    last = id;
  }
  return groups;
}

/** The inverse of `printJobs`; null for a text that it does not write. */
export function parseJobs(groups: readonly string[]): JobLedger | null {
  const ids: number[] = [];
  for (const group of groups) {
    if (!GROUP.test(group)) return null;
    let id = 0;
    for (const distance of group.split("+")) {
      id += Number(distance);
      ids.push(id);
    }
  }
  return ids.every(Number.isSafeInteger) ? markCounted([], ids) : null;
}
