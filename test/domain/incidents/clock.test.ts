import { fc, test as propertyTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { clockPolicy } from "../../../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../../../src/config/schema.ts";
import {
  batchStep,
  type ClockStep,
  dueStep,
  MOST_ESCALATIONS,
  nextMoment,
  readClock,
} from "../../../src/domain/incidents/clock.ts";
import { sayStep } from "../../../src/domain/incidents/clock-words.ts";
import { SEVERITIES, type Severity } from "../../../src/domain/incidents/incident.ts";
import {
  addEntries,
  type Entry,
  type EntryKind,
  type IncidentLog,
} from "../../../src/domain/incidents/incident-log.ts";
import { newLog } from "../../../src/domain/incidents/log-section.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 28, 3, 0);
const POLICY = { ...clockPolicy(DEFAULT_CONFIGURATION), mention: ["@acme/owners"] };

function entry(kind: EntryKind, at: number, by = ""): Entry {
  return { at, kind, key: `${kind}:${at}`, by, words: "" };
}

/** What the clock does to an incident until a time, looked at whenever it asks for it. */
function run(begun: IncidentLog, severity: Severity, until: number) {
  const steps: { readonly step: ClockStep; readonly at: number }[] = [];
  let log = begun;
  let current = severity;
  for (let now = START; now <= until; ) {
    const clock = readClock(log, current, POLICY);
    const step = dueStep(clock, current, now);
    if (step === null) {
      const next = nextMoment(clock);
      if (next === null) break;
      expect(next).toBeGreaterThan(now);
      now = next;
      continue;
    }
    steps.push({ step, at: now });
    log = addEntries(log, sayStep(step, current, POLICY, now).entries);
    if (step.kind === "escalate") current = step.severity;
  }
  return { steps, log, severity: current };
}

function told(log: IncidentLog, severity: Severity, until: number): readonly string[] {
  return run(log, severity, until).steps.map(({ step, at }) => {
    const name = step.kind === "remind" ? `remind ${step.percent}` : step.kind;
    return `${name} at ${(at - START) / MINUTE} min`;
  });
}

describe("an incident that nobody answers", () => {
  test("that is critical is reminded of at 30 and 48 minutes, and escalated every hour, five times", () => {
    expect(told(newLog(START), "critical", START + 24 * HOUR)).toEqual([
      "remind 50 at 30 min",
      "remind 80 at 48 min",
      ...[60, 120, 180, 240, 300].map((minutes) => `escalate at ${minutes} min`),
    ]);
  });

  test.each([
    ["high", ["remind 50 at 120 min", "remind 80 at 192 min", "escalate at 240 min"]],
    ["medium", ["remind 50 at 720 min", "remind 80 at 1152 min", "escalate at 1440 min"]],
    ["low", []],
  ] as const)("that is %s has its response time", (severity, steps) => {
    const end = (steps.at(-1)?.match(/\d+(?= min)/)?.[0] ?? 100_000) as string;
    expect(told(newLog(START), severity, START + Number(end) * MINUTE)).toEqual(steps);
  });

  test("that is medium is high from its escalation on, with the time of a high one from there", () => {
    const { steps, severity } = run(newLog(START), "medium", START + 29 * HOUR);
    expect(severity).toBe("high");
    expect(steps.slice(-2).map(({ at }) => (at - START) / HOUR)).toEqual([24, 28]);
  });
});

test("after a long outage only the gravest that is due is said, once", () => {
  const late = START + 3.5 * HOUR;
  const log = newLog(START);
  const step = dueStep(readClock(log, "critical", POLICY), "critical", late);
  expect(step).toMatchObject({ kind: "escalate", nth: 1 });
  const after = addEntries(log, step === null ? [] : sayStep(step, "critical", POLICY, late).entries);
  const clock = readClock(after, "critical", POLICY);
  expect(dueStep(clock, "critical", late)).toBeNull();
  expect(nextMoment(clock)).toBe(START + 4 * HOUR);
});

describe("an acknowledgement", () => {
  const acknowledged = addEntries(newLog(START), [entry("acknowledged", START + 10 * MINUTE, "olga")]);

  test("stops the clock, and expires after four response times in which nothing happens", () => {
    expect(told(acknowledged, "critical", START + 5 * HOUR)).toEqual([
      "expire at 250 min",
      "remind 50 at 280 min",
      "remind 80 at 298 min",
    ]);
  });

  test.each<EntryKind>(["comment", "command", "changed", "pull", "run", "severity"])(
    "lasts longer when there is a %s",
    (kind) => {
      const alive = addEntries(acknowledged, [entry(kind, START + 3 * HOUR, "olga")]);
      expect(readClock(alive, "critical", POLICY)).toMatchObject({ kind: "acknowledged", until: START + 7 * HOUR });
    },
  );

  test.each<EntryKind>(["reopened", "expired"])("is void once the incident is %s", (kind) => {
    const later = addEntries(acknowledged, [entry(kind, START + HOUR)]);
    expect(readClock(later, "critical", POLICY)).toMatchObject({ kind: "running", since: START + HOUR });
  });
});

test("another severity begins another clock", () => {
  const lowered = addEntries(newLog(START), [entry("severity", START + 30 * MINUTE)]);
  expect(readClock(lowered, "high", POLICY)).toMatchObject({ kind: "running", due: START + 4.5 * HOUR });
});

test("what is resolved has no clock, and one that is opened again has a new one", () => {
  const resolved = addEntries(newLog(START), [entry("resolved", START + HOUR)]);
  expect(readClock(resolved, "critical", POLICY)).toEqual({ kind: "over" });
  const reopened = addEntries(resolved, [entry("reopened", START + 2 * HOUR)]);
  expect(readClock(reopened, "critical", POLICY)).toMatchObject({ kind: "running", since: START + 2 * HOUR });
});

describe("a low incident", () => {
  /** After which of the batches, by when they began, it is reminded of. */
  function remindedAt(begun: IncidentLog, batches: readonly number[]): readonly number[] {
    let log = begun;
    return batches.filter((batch) => {
      const step = batchStep(readClock(log, "low", POLICY), batch);
      if (step !== null) log = addEntries(log, sayStep(step, "low", POLICY, batch + MINUTE).entries);
      return step !== null;
    });
  }
  const hourly = Array.from({ length: 24 }, (_, hour) => START - HOUR / 2 + hour * HOUR);
  const [, next = 0] = hourly;

  test("is reminded of with the next batch that begins after it, and then no more", () => {
    expect(remindedAt(newLog(START), hourly)).toEqual([next]);
  });

  test.each<EntryKind>(["changed", "severity", "reopened", "recovered"])(
    "is reminded of again after it is %s",
    (kind) => {
      const log = addEntries(newLog(START), [entry("reminded", next), entry(kind, next + 5 * HOUR)]);
      expect(remindedAt(log, hourly)).toEqual([next + 6 * HOUR]);
    },
  );

  test("is reminded of five times at most, however often it changes", () => {
    const log = addEntries(
      newLog(START),
      hourly.slice(0, 5).flatMap((at) => [entry("reminded", at + HOUR), entry("changed", at + HOUR + MINUTE)]),
    );
    expect(remindedAt(log, hourly)).toEqual([]);
  });

  test.each<EntryKind>(["acknowledged", "resolved"])("that is %s is not reminded of", (kind) => {
    expect(remindedAt(addEntries(newLog(START), [entry(kind, START + 1, "olga")]), hourly)).toEqual([]);
  });

  test("of another severity is not reminded of with a batch", () => {
    expect(batchStep(readClock(newLog(START), "medium", POLICY), next)).toBeNull();
  });
});

const courses = fc.array(
  fc.record({
    kind: fc.constantFrom<EntryKind>(
      "acknowledged",
      "comment",
      "command",
      "changed",
      "severity",
      "reopened",
      "resolved",
    ),
    minute: fc.integer({ min: 1, max: 5000 }),
  }),
  { maxLength: 12 },
);

propertyTest.prop([courses, fc.constantFrom(...SEVERITIES), fc.integer({ min: 0, max: 8000 })])(
  "whatever happened, the clock stops asking: no more than five escalations after the last opening, each thing once",
  (course, severity, minutes) => {
    const log = addEntries(
      newLog(START),
      course.map(({ kind, minute }) => entry(kind, START + minute * MINUTE, "olga")),
    );
    const { log: after } = run(log, severity, START + minutes * MINUTE);
    const opened = after.entries.findLastIndex(({ kind }) => kind === "detected" || kind === "reopened");
    const escalations = after.entries.slice(opened).filter(({ kind }) => kind === "escalated");
    expect(escalations.length).toBeLessThanOrEqual(MOST_ESCALATIONS);
    expect(new Set(after.entries.map(({ key }) => key)).size).toBe(after.entries.length);
  },
);
