import { z } from "zod";
import { printHiddenJson, readHiddenJson } from "../hidden-json.ts";
import type { Instant } from "../instant.ts";
import { oneLine } from "../quote.ts";

/** What can happen to an incident. */
const ENTRY_KINDS = [
  "run",
  "detected",
  "reopened",
  "severity",
  "changed",
  "command",
  "pull",
  "comment",
  "acknowledged",
  "reminded",
  "escalated",
  "expired",
  "flapping",
  "recovered",
  "resolved",
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Something that happened to an incident. */
export interface Entry {
  readonly at: Instant;
  readonly kind: EntryKind;
  /** The same for the same happening, so that it is written down once. */
  readonly key: string;
  /** Login of the person who did it; "" where nobody did. */
  readonly by: string;
  /** In plain text, a line; perhaps somebody's words, so it is shown in quotes only. */
  readonly words: string;
}

/** Everything that is known of an incident's course, in the order of time: it stands in the body of its issue. */
export interface IncidentLog {
  readonly entries: readonly Entry[];
  /** How many entries were left out, because a body is bounded. */
  readonly left: number;
}

export const EMPTY_LOG: IncidentLog = { entries: [], left: 0 };

// A body may have 65,536 characters, and each entry stands in it three times: as data, as a picture and as text.
const MOST_ENTRIES = 80;
const MOST_CHARACTERS = 14_000;
const LONGEST_WORDS = 140;
const LONGEST_KEY = 80;

/** What of a full log is left out first, the oldest of it. */
const MINOR: ReadonlySet<EntryKind> = new Set(["comment", "run", "changed", "reminded", "command"]);

/** The log with more entries, each key once, in the order of time, whatever the order in which they are heard of. */
export function addEntries(log: IncidentLog, added: readonly Entry[]): IncidentLog {
  const known = new Set(log.entries.map(({ key }) => key));
  const entries = [...log.entries];
  for (const entry of added) {
    const key = entry.key.slice(0, LONGEST_KEY);
    if (known.has(key)) continue;
    known.add(key);
    entries.push({ ...entry, key, by: oneLine(entry.by, 60), words: oneLine(entry.words, LONGEST_WORDS) });
  }
  if (entries.length === log.entries.length) return log;
  return bounded({ entries: entries.sort(byTime), left: log.left });
}

function byTime(a: Entry, b: Entry): number {
  return a.at - b.at || ENTRY_KINDS.indexOf(a.kind) - ENTRY_KINDS.indexOf(b.kind) || (a.key < b.key ? -1 : 1);
}

function bounded({ entries, left }: IncidentLog): IncidentLog {
  if (entries.length <= MOST_ENTRIES && printLog({ entries, left }).length <= MOST_CHARACTERS) return { entries, left };
  const minor = entries.findIndex(({ kind }) => MINOR.has(kind));
  // Without anything minor, the second oldest: when it began is what all is counted from.
  return bounded({ entries: entries.toSpliced(minor === -1 ? 1 : minor, 1), left: left + 1 });
}

const record = z.object({
  left: z.int().nonnegative(),
  entries: z
    .array(
      z.object({
        at: z.int(),
        kind: z.enum(ENTRY_KINDS),
        key: z.string().max(LONGEST_KEY),
        by: z.string().max(60),
        words: z.string().max(LONGEST_WORDS),
      }),
    )
    .max(MOST_ENTRIES),
});

/** One line of text that cannot end an HTML comment. */
export function printLog({ entries, left }: IncidentLog): string {
  return printHiddenJson({ left, entries: [...entries] } satisfies z.input<typeof record>);
}

/** The inverse of `printLog`. A text that somebody has changed tells nothing: null. */
export function readLog(text: string): IncidentLog | null {
  const parsed = record.safeParse(readHiddenJson(text));
  if (!parsed.success) return null;
  return { left: parsed.data.left, entries: parsed.data.entries.sort(byTime) };
}
