import type { Duration, Instant } from "../instant.ts";
import type { Severity } from "./incident.ts";
import type { Entry, EntryKind, IncidentLog } from "./incident-log.ts";

/** How long incidents may stay unanswered, and who is told when they do. */
export interface ClockPolicy {
  /** Response times (runbook, "Incident Severity Classification"); null where no time is set: the next batch. */
  readonly responses: Readonly<Record<Severity, Duration | null>>;
  /** How many response times an acknowledgement lasts without anything happening. */
  readonly acknowledgementLasts: number;
  /** People and teams that an escalation mentions, such as `@acme/owners`. */
  readonly mention: readonly string[];
}

/** Where the clock of an incident stands. */
export type Clock =
  | { readonly kind: "over" }
  /** Nothing is due at any time, and nothing more is said by itself. */
  | { readonly kind: "untimed" }
  /** No time is set: whoever looks at the next batch that begins after this moment looks at it too. */
  | { readonly kind: "next-batch"; readonly since: Instant }
  | Running
  | { readonly kind: "acknowledged"; readonly by: string; readonly at: Instant; readonly until: Instant }
  /** Escalated as often as is any use. */
  | { readonly kind: "exhausted" };

interface Running {
  readonly kind: "running";
  /** When it began: at the detection, the reopening, another severity, or the end of an acknowledgement. */
  readonly since: Instant;
  readonly response: Duration;
  /** When it is escalated, or escalated again. */
  readonly due: Instant;
  /** Escalations until now, of `MOST_ESCALATIONS`. */
  readonly escalations: number;
  /** The reminder that was given last since it began, in percent of the response time; 0 for none. */
  readonly reminded: number;
}

/** Something that is due. */
export type ClockStep =
  | { readonly kind: "remind"; readonly percent: number; readonly due: Instant; readonly since: Instant }
  | { readonly kind: "remind-with-batch"; readonly since: Instant }
  | {
      readonly kind: "escalate";
      /** The which it is, from 1. */
      readonly nth: number;
      readonly since: Instant;
      /** What the severity becomes (runbook section 1: what is not seen to within its time is graver than it was). */
      readonly severity: Severity;
    }
  | { readonly kind: "expire"; readonly by: string; readonly at: Instant };

/** From so many escalations on nobody new would hear of it. */
export const MOST_ESCALATIONS = 5;
const REMINDERS = [80, 50] as const;

const OPENINGS: ReadonlySet<EntryKind> = new Set(["detected", "reopened"]);
/** What somebody who was reminded has not seen yet. */
const CHANGES: ReadonlySet<EntryKind> = new Set(["detected", "reopened", "severity", "changed", "recovered"]);
const BEGINNINGS: ReadonlySet<EntryKind> = new Set(["detected", "reopened", "expired", "severity"]);
/** What makes an acknowledgement void. */
const ENDS_OF_ACKNOWLEDGEMENT: ReadonlySet<EntryKind> = new Set(["detected", "reopened", "expired"]);
/** What the clock itself does is no sign of life. */
const OWN: ReadonlySet<EntryKind> = new Set(["reminded", "escalated", "expired"]);

/** Reads the clock of an incident from its log: it has no other memory, so it survives whatever the process does not. */
export function readClock({ entries }: IncidentLog, severity: Severity, policy: ClockPolicy): Clock {
  if (isResolved(entries)) return { kind: "over" };
  const response = policy.responses[severity];
  const opened = last(entries, OPENINGS);
  if (opened === undefined) return { kind: "untimed" };
  if (response === null) return batchClock(entries, opened);
  const acknowledged = acknowledgement(entries);
  if (acknowledged !== undefined) {
    const active = entries.findLast(({ kind, by }) => !OWN.has(kind) || by !== "") ?? acknowledged;
    const until = active.at + response * policy.acknowledgementLasts;
    return { kind: "acknowledged", by: acknowledged.by, at: acknowledged.at, until };
  }
  const escalations = entries.slice(entries.indexOf(opened)).filter(isOwnEscalation).length;
  if (escalations >= MOST_ESCALATIONS) return { kind: "exhausted" };
  const begun = lastIndex(entries, BEGINNINGS);
  return running(entries.slice(begun), response, escalations);
}

/** Without a response time there is one reminder for whatever changed last, five in all, and none once somebody is on it. */
function batchClock(entries: readonly Entry[], opened: Entry): Clock {
  const reminders = entries.slice(entries.indexOf(opened)).filter(({ kind }) => kind === "reminded").length;
  const latest = lastIndex(entries, CHANGES);
  const isReminded = entries.slice(latest).some(({ kind }) => kind === "reminded");
  if (acknowledgement(entries) !== undefined || isReminded || reminders >= MOST_ESCALATIONS) return { kind: "untimed" };
  return { kind: "next-batch", since: entries[latest]?.at ?? opened.at };
}

/** The first acknowledgement that still stands; undefined where none does. */
function acknowledgement(entries: readonly Entry[]): Entry | undefined {
  return entries.slice(lastIndex(entries, ENDS_OF_ACKNOWLEDGEMENT) + 1).find(({ kind }) => kind === "acknowledged");
}

/** Whether somebody has seen to the incident, and it has not expired. */
export function isAcknowledged({ entries }: IncidentLog): boolean {
  return acknowledgement(entries) !== undefined;
}

/** A person may escalate too, as often as it takes. */
function isOwnEscalation({ kind, by }: Entry): boolean {
  return kind === "escalated" && by === "";
}

/** @param round the log from where the clock began, that entry first */
function running(round: readonly Entry[], response: Duration, escalations: number): Running {
  const since = round[0]?.at ?? 0;
  const escalated = round.findLast(isOwnEscalation);
  const reminder = round.findLast(({ kind }) => kind === "reminded");
  const passed = escalated === undefined ? 0 : Math.floor((escalated.at - since) / response);
  const due = since + (passed + 1) * response;
  const reminded =
    reminder === undefined ? 0 : (REMINDERS.find((percent) => reminder.at >= atPercent(since, response, percent)) ?? 0);
  return { kind: "running", since, response, due, escalations, reminded: escalated === undefined ? reminded : 100 };
}

function atPercent(since: Instant, response: Duration, percent: number): Instant {
  return since + (response * percent) / 100;
}

/** The one thing that is due, the gravest where several are; null when nothing is. Once it is in the log, it is due no more. */
export function dueStep(clock: Clock, severity: Severity, now: Instant): ClockStep | null {
  switch (clock.kind) {
    case "over":
    case "untimed":
    case "next-batch":
    case "exhausted":
      return null;
    case "acknowledged":
      return now >= clock.until ? { kind: "expire", by: clock.by, at: clock.at } : null;
    case "running": {
      const { since, response, due, escalations, reminded } = clock;
      if (now >= due) return { kind: "escalate", nth: escalations + 1, since, severity: raised(severity) };
      const percent = REMINDERS.find((part) => now >= atPercent(since, response, part));
      return percent !== undefined && percent > reminded ? { kind: "remind", percent, due, since } : null;
    }
  }
}

/** What is due with a batch that began at a moment, or null. */
export function batchStep(clock: Clock, begun: Instant): ClockStep | null {
  return clock.kind === "next-batch" && begun > clock.since ? { kind: "remind-with-batch", since: clock.since } : null;
}

/** When something will be due next; null when nothing will. What is due already is due at that past moment. */
export function nextMoment(clock: Clock): Instant | null {
  switch (clock.kind) {
    case "over":
    case "untimed":
    case "next-batch":
    case "exhausted":
      return null;
    case "acknowledged":
      return clock.until;
    case "running": {
      const { since, response, due, reminded } = clock;
      const percent = REMINDERS.findLast((part) => part > reminded);
      return percent === undefined ? due : Math.ceil(atPercent(since, response, percent));
    }
  }
}

/** A degraded ecosystem that nobody sees to for a day is an outage; critical is kept for what is one from the start. */
function raised(severity: Severity): Severity {
  return severity === "medium" ? "high" : severity;
}

/** Whether the log ends with a resolution. */
export function isResolved(entries: readonly Entry[]): boolean {
  return lastIndex(entries, OPENINGS) < lastIndex(entries, new Set<EntryKind>(["resolved"]));
}

/** When it was opened last, acknowledged first after that, and resolved; null where it was not. */
export function timesOf({ entries }: IncidentLog): {
  readonly opened: Instant | null;
  readonly acknowledged: Instant | null;
  readonly resolved: Instant | null;
} {
  const since = entries.slice(Math.max(0, lastIndex(entries, OPENINGS)));
  const first = (kind: EntryKind) => since.find((entry) => entry.kind === kind)?.at ?? null;
  return {
    opened: last(since, OPENINGS)?.at ?? null,
    acknowledged: first("acknowledged"),
    resolved: first("resolved"),
  };
}

function last(entries: readonly Entry[], kinds: ReadonlySet<EntryKind>): Entry | undefined {
  return entries.findLast(({ kind }) => kinds.has(kind));
}

function lastIndex(entries: readonly Entry[], kinds: ReadonlySet<EntryKind>): number {
  return entries.findLastIndex(({ kind }) => kinds.has(kind));
}
