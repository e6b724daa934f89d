import { z } from "zod";
import type { Outcome } from "../breaker/breaker.ts";
import type { Instant } from "../instant.ts";
import { optionalMomentText, printOptionalMoment } from "./moment-text.ts";

/** Which runs have been counted, so that a doubled, late or replayed event counts once. */
export interface Seen {
  /** The end of the newest run counted: what ended later has not been counted. Null before the first. */
  readonly since: Instant | null;
  /** `<run id>.<attempt>`, in the order of creation, the `REMEMBERED_RUNS` newest. */
  readonly runs: readonly string[];
}

/** A run attempt and when it ended. */
export type Evidence = Pick<Outcome, "run" | "at">;

/**
 * Upstream's busiest day had 75 runs of the batch workflows: this is twice the three days for which GitHub lets a delivery be
 * sent again, all of them as busy, and about 11 KB of the file.
 */
export const REMEMBERED_RUNS = 450;

/** `17352.1` as the file keeps it. */
export const runText = z.string().regex(/^\d{1,20}\.\d{1,10}$/, "Invalid run: expected <run id>.<attempt>");

/** `batchkeeper.seen` of the file. */
export const seenRecord = z.object({ since: optionalMomentText, runs: z.array(runText).default([]) });

/** The inverse of `seenRecord`. */
export function printSeen(seen: Seen): { readonly since: string; readonly runs: readonly string[] } {
  return { since: printOptionalMoment(seen.since), runs: seen.runs };
}

/** GitHub numbers runs in the order of their creation. */
const { compare: byCreation } = new Intl.Collator("en", { numeric: true });

/**
 * Whether a run attempt has been counted. Of attempts older than all that are remembered nobody knows, so those that
 * ended before `since` are taken as counted: to miss one from weeks ago does less harm than to count it twice. So every
 * attempt is counted exactly once, in whatever order and however often they come, if fewer than `REMEMBERED_RUNS` attempts
 * of newer runs come before it. Beyond that bound it is counted, once, if it ended after all others, as a rerun does.
 */
export function hasSeen(seen: Seen, { run, at }: Evidence): boolean {
  if (seen.runs.includes(run)) return true;
  const [oldest] = seen.runs;
  if (oldest === undefined || seen.since === null || seen.runs.length < REMEMBERED_RUNS) return false;
  return byCreation(run, oldest) < 0 && at <= seen.since;
}

/** Remembers a run attempt and forgets the oldest beyond the bound. The order of marking makes no difference. */
export function markSeen(seen: Seen, { run, at }: Evidence): Seen {
  const runs = [...new Set([...seen.runs, run])].sort(byCreation).slice(-REMEMBERED_RUNS);
  return { since: Math.max(seen.since ?? at, at), runs };
}
