import type { Instant } from "../instant.ts";
import { plainWords } from "../quote.ts";
import { isAcknowledged } from "./clock.ts";
import { severityEntry } from "./clock-words.ts";
import type { Incident, Severity } from "./incident.ts";
import { addEntries, type Entry, type EntryKind, type IncidentLog } from "./incident-log.ts";
import { acknowledgedEntry } from "./participation.ts";
import { closingText } from "./post-mortem.ts";
import { flappingText, isFlapping, returnText } from "./recurrence.ts";

/** A word to add to an incident; the key makes it said once. */
export interface IncidentUpdate {
  readonly key: string;
  readonly text: string;
  /** What it is in the timeline; default a change. */
  readonly kind?: EntryKind;
}

/** The course of an incident after something happened, and what its thread is told. */
export interface Turn {
  readonly log: IncidentLog;
  readonly said: { readonly key: string; readonly text: string };
}

/** What an update leaves in the log; another severity is told besides. */
export function updateEntries(
  { key, text, kind = "changed" }: IncidentUpdate,
  before: Severity | null,
  after: Severity,
  now: Instant,
): readonly Entry[] {
  const entry: Entry = { at: now, kind, key, by: "", words: plainWords(text) };
  if (before === after) return [entry];
  return [entry, severityEntry({ at: now, key: `severity:${key}`, by: "" }, before, after, "")];
}

/** An incident comes back: its course goes on, and whether it flaps is said with it. */
export function comeBack(before: IncidentLog, { title, before: led = [] }: Incident, now: Instant): Turn {
  const nth = before.entries.filter(({ kind }) => kind === "reopened").length + 1;
  const key = `reopened:${nth}`;
  const log = addEntries(before, [{ at: now, kind: "reopened", key, by: "", words: title }, ...led]);
  if (!isFlapping(log, now)) return { log, said: { key, text: returnText(nth) } };
  const flapping: Entry = { at: now, kind: "flapping", key: `flapping:${nth}`, by: "", words: "" };
  return { log: addEntries(log, [flapping]), said: { key, text: `${returnText(nth)}\n\n${flappingText()}` } };
}

/** An incident is over: with its times and a post-mortem. Whoever says so has seen it. */
export function resolution(
  before: IncidentLog,
  severity: Severity | null,
  { key, text }: IncidentUpdate,
  { by, words, now }: { readonly by: string; readonly words: string; readonly now: Instant },
): Turn {
  const entry: Entry = { at: now, kind: "resolved", key: `resolved:${key}`, by, words };
  const isSeen = by === "" || isAcknowledged(before);
  const log = addEntries(before, isSeen ? [entry] : [acknowledgedEntry(key, now, by, ""), entry]);
  return { log, said: { key, text: `${text}\n\n${closingText(log, severity)}` } };
}

/** When an incident was resolved last; null when nobody wrote it down. */
export function resolvedAt({ entries }: IncidentLog): Instant | null {
  return entries.findLast(({ kind }) => kind === "resolved")?.at ?? null;
}

/** Whether a person has decided on the severity since the incident was opened last. */
export function isSeverityDecided({ entries }: IncidentLog): boolean {
  const opened = entries.findLastIndex(({ kind }) => kind === "detected" || kind === "reopened");
  const decision = entries.slice(opened).findLast(({ kind }) => kind === "severity");
  return decision !== undefined && decision.by !== "";
}
