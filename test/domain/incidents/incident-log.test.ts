import { fc, test as propertyTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { clockPolicy } from "../../../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../../../src/config/schema.ts";
import { SEVERITIES } from "../../../src/domain/incidents/incident.ts";
import {
  addEntries,
  EMPTY_LOG,
  type Entry,
  type EntryKind,
  printLog,
  readLog,
} from "../../../src/domain/incidents/incident-log.ts";
import { logIn, newLog, replaceLog } from "../../../src/domain/incidents/log-section.ts";
import { timelineText } from "../../../src/domain/incidents/timeline.ts";

const POLICY = clockPolicy(DEFAULT_CONFIGURATION);
const START = Date.UTC(2026, 0, 28, 3, 15);

const HOSTILE = [
  "@everyone",
  "--> <!-- batchkeeper-log {} -->",
  "<!-- /batchkeeper-log -->",
  "```\n### Escalation",
  "a : b : c",
  "\u001b[31mred",
  "a\u202Eb",
  "![](https://evil.test)",
  "`@olga`",
  "$& $1 $`",
];
const words = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 300 }), fc.string());
const entries = fc.array(
  fc.record<Entry>({
    at: fc.integer({ min: START, max: START + 1e9 }),
    kind: fc.constantFrom<EntryKind>("changed", "command", "comment", "acknowledged", "pull", "run"),
    key: fc.stringMatching(/^[a-z0-9:.]{1,20}$/),
    by: words,
    words,
  }),
  { maxLength: 120 },
);

propertyTest.prop([entries])("a log is read as it was written, through any body of an issue", (added) => {
  const log = addEntries(newLog(START), added);
  expect(readLog(printLog(log))).toEqual(log);
  const body = replaceLog("The circuit breaker opened.", log, "high", POLICY);
  expect(logIn(body)).toEqual(log);
  expect(replaceLog(body, log, "high", POLICY)).toBe(body);
  expect(logIn(body.replaceAll("\n", "\r\n"))).toEqual(log);
});

propertyTest.prop([entries, fc.integer()])(
  "the order in which things are heard of makes no difference",
  (added, seed) => {
    const few = added.filter(({ key }, index) => added.findIndex((other) => other.key === key) === index).slice(0, 10);
    const shuffled = few.toSorted((a, b) => ((a.at * seed) % 7919) - ((b.at * seed) % 7919));
    const log = addEntries(newLog(START), few);
    expect(addEntries(addEntries(newLog(START), shuffled), shuffled)).toEqual(log);
    expect(log.entries.map(({ at }) => at)).toEqual(log.entries.map(({ at }) => at).toSorted((a, b) => a - b));
  },
);

propertyTest.prop([entries, fc.constantFrom(...SEVERITIES)])(
  "outside of code nothing of anybody's words is left, and the picture stays one block",
  (added, severity) => {
    const hostile = added.map((entry) => ({ ...entry, words: `@mallory ${entry.words} @mallory`, by: "@mallory" }));
    const log = addEntries(newLog(START), hostile);
    const [picture = "", list = ""] = timelineText(log).split(/\n```\n\n/);
    expect(picture.slice(3)).not.toMatch(/```|@/);
    for (const line of list.split("\n")) {
      expect(line.replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "")).not.toMatch(/@|mallory|<|\p{Cf}|\p{Cc}/u);
    }
    expect(replaceLog("x", log, severity, POLICY).length).toBeLessThan(60_000);
  },
);

describe("a body", () => {
  test("keeps what people write around the section", () => {
    const body = `Before.\n\n${replaceLog("x", newLog(START), "high", POLICY)}\n\nAfter.`;
    const log = addEntries(newLog(START), [{ at: START, kind: "acknowledged", key: "a", by: "olga", words: "" }]);
    const changed = replaceLog(body, log, "high", POLICY);
    expect(changed).toMatch(/^Before\.\n\nx\n\n<!-- batchkeeper-log[\s\S]*acknowledged[\s\S]*-->\n\nAfter\.$/);
  });

  test("whose log somebody has made unreadable has none", () => {
    const body = replaceLog("x", newLog(START), "high", POLICY);
    expect(logIn(body.replace('"entries"', '"entrees"'))).toBeNull();
    expect(logIn("x")).toBeNull();
  });

  test("that is too long loses of its text, and never of its log", () => {
    const body = replaceLog("x".repeat(70_000), newLog(START), "high", POLICY);
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(logIn(body)).toEqual(newLog(START));
    const grown = replaceLog(`${"y".repeat(60_000)}${body}`, newLog(START), "high", POLICY);
    expect(grown.length).toBeLessThanOrEqual(60_000);
    expect(logIn(grown)).toEqual(newLog(START));
  });
});

test("a log that is full leaves out what is minor, and keeps when it began", () => {
  const comments = Array.from({ length: 300 }, (_, at): Entry => {
    return { at: START + at + 1, kind: at === 5 ? "acknowledged" : "comment", key: `k${at}`, by: "olga", words: "" };
  });
  const log = addEntries(newLog(START), comments);
  expect(log.entries.length).toBeLessThanOrEqual(80);
  expect(log.left + log.entries.length).toBe(301);
  expect(log.entries.map(({ kind }) => kind).slice(0, 2)).toEqual(["detected", "acknowledged"]);
  expect(log.entries.at(-1)?.key).toBe("k299");
});

test("the timeline tells in the order of time, as a picture and as text", () => {
  const log = addEntries(newLog(START, "homebrew: the circuit breaker is open"), [
    { at: START + 90_000_000, kind: "resolved", key: "r", by: "olga", words: "mirror is back" },
    { at: START + 60_000, kind: "acknowledged", key: "a", by: "olga", words: "" },
  ]);
  expect(timelineText(log)).toBe(`\`\`\`mermaid
timeline
    section 2026-01-28
        03h15 : detected homebrew the circuit breaker is open
        03h16 : acknowledged by olga
    section 2026-01-29
        04h15 : resolved by olga mirror is back
\`\`\`

- 2026-01-28T03:15:00Z **detected**: \`homebrew: the circuit breaker is open\`
- 2026-01-28T03:16:00Z **acknowledged** by \`olga\`
- 2026-01-29T04:15:00Z **resolved** by \`olga\`: \`mirror is back\``);
  expect(timelineText(EMPTY_LOG)).toContain("timeline");
});
