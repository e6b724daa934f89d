import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { type ControlFile, newControlFile, readControlFile } from "../../../src/domain/control/control-file.ts";
import type { Problem } from "../../../src/domain/control/json-syntax.ts";
import { ODD_NAMES } from "./arbitrary-control.ts";

const hold = { id: "h-3f2a91", scope: "homebrew", kind: "operator", at: "2026-01-28T03:15:00Z" };

function readable(text: string): ControlFile {
  const reading = readControlFile(text);
  if (reading.kind === "unreadable") throw new Error(JSON.stringify(reading.problem));
  return reading.file;
}

function problemOf(text: string): Problem {
  const reading = readControlFile(text);
  if (reading.kind === "readable") throw new Error(`readable: ${text}`);
  return reading.problem;
}

test("an empty object is a file in which everything runs", () => {
  expect(readable("{}")).toMatchObject({
    control: {
      holds: [],
      breakers: new Map(),
      enforced: { autoMerge: [], workflows: [] },
      seen: { since: null, runs: [] },
    },
    switches: { enabled: true, disabledEcosystems: [], reason: "", incidentUrl: "", disabledBy: "" },
    hasOwnState: false,
  });
});

test("a new file is the one that upstream began with", () => {
  expect(newControlFile().text).toBe(`{
  "enabled": true,
  "disabled_ecosystems": [],
  "reason": "",
  "incident_url": "",
  "disabled_by": "",
  "disabled_at": "",
  "expected_resume": "",
  "circuit_breaker": {},
  "budget": {
    "macos_minutes_used": 0,
    "linux_minutes_used": 0,
    "week_start": "",
    "sampling_active": false
  }
}
`);
});

test("everything that the file keeps of ours is read", () => {
  const text = JSON.stringify({
    circuit_breaker: {
      homebrew: { state: "half-open", failures: 6, last_failure: "2026-01-28T03:15:00Z", opens_at: "" },
    },
    batchkeeper: {
      version: 1,
      holds: [
        { ...hold, reason: "503", by: "olga", until: "", incident_url: "https://e.org/1", source: "https://e.org/2" },
      ],
      breakers: {
        homebrew: {
          window: ["17352.1 2026-01-28T03:15:00Z 725s 24/1"],
          trips: 2,
          probe: { successes: 1, lease: "17353.1 until 2026-01-28T04:15:00Z" },
          checkpoint:
            "until 2026-01-28T02:15:00Z 17351.2, state half-open, failures 5, last_failure 2026-01-28T01:15:00Z, " +
            "last_failure_by pipeline, opens_at 2026-01-28T02:00:00Z, trips 1, successes 1, " +
            "rated 24/1 0/3",
        },
      },
      budget: {
        ecosystems: { homebrew: { macos: 120, linux: 300 } },
        jobs: ["401 1"],
        alerts: ["2026-W05:80:macos"],
        since: "2026-01-28T03:15:00Z",
        unmetered: { windows: 1, "self-hosted": 2, unknown: 3 },
        idle: { jobs: 4, minutes: 5 },
        hours: ["2026-01-28T03Z 12 30"],
        reached: { macos: { sampling: "2026-01-28T03:15:00Z" } },
      },
      slo: { "2026-01-26": "crates.io 24/1" },
      enforced: {
        auto_merge: [{ pull: 12, method: "SQUASH", headline: "batch" }],
        workflows: [{ file: "batch-generate.yml", holds: ["h-3f2a91"] }],
      },
      seen: { since: "2026-01-28T03:15:00Z", runs: ["17352.1"] },
    },
    budget: { macos_minutes_used: 800, linux_minutes_used: 300, week_start: "2026-01-26", sampling_active: true },
  });
  const at = Date.UTC(2026, 0, 28, 3, 15);
  expect(readable(text).control).toEqual({
    holds: [
      {
        id: "h-3f2a91",
        scope: "homebrew",
        kind: "operator",
        reason: "503",
        by: "olga",
        at,
        until: null,
        incidentUrl: "https://e.org/1",
        source: "https://e.org/2",
      },
    ],
    breakers: new Map([
      [
        "homebrew",
        {
          state: "half-open",
          failures: 6,
          lastFailure: at,
          opensAt: null,
          window: [{ run: "17352.1", startedAt: at - 725_000, at, ok: 24, failed: 1 }],
          trips: 2,
          probe: { successes: 1 },
          lease: { run: "17353.1", until: Date.UTC(2026, 0, 28, 4, 15) },
          checkpoint: {
            until: { at: Date.UTC(2026, 0, 28, 2, 15), run: "17351.2" },
            state: "half-open",
            failures: 5,
            lastFailure: Date.UTC(2026, 0, 28, 1, 15),
            pipelineFailure: true,
            opensAt: Date.UTC(2026, 0, 28, 2),
            trips: 1,
            probe: { successes: 1 },
            rated: [
              { ok: 24, failed: 1 },
              { ok: 0, failed: 3 },
            ],
          },
        },
      ],
    ]),
    budget: {
      kind: "readable",
      budget: {
        used: { macos: 800, linux: 300 },
        weekStart: "2026-01-26",
        sampling: true,
        since: at,
        ecosystems: new Map([["homebrew", { macos: 120, linux: 300 }]]),
        unmetered: { windows: 1, "self-hosted": 2, unknown: 3 },
        idle: { jobs: 4, minutes: 5 },
        hours: [{ from: Date.UTC(2026, 0, 28, 3), macos: 12, linux: 30 }],
        reached: { macos: { sampling: at }, linux: {} },
        jobs: [401, 402],
        alerts: ["2026-W05:80:macos"],
      },
    },
    weeks: [{ week: "2026-01-26", tried: new Map([["crates.io", { ok: 24, failed: 1 }]]) }],
    enforced: {
      autoMerge: [{ pull: 12, method: "SQUASH", headline: "batch", body: null }],
      workflows: [{ file: "batch-generate.yml", holds: ["h-3f2a91"] }],
    },
    seen: { since: at, runs: ["17352.1"] },
  });
});

test("a note of what was switched off that makes no sense does not make a stop unreadable", () => {
  const text = JSON.stringify({ enabled: true, batchkeeper: { enforced: { auto_merge: [{ pull: "x" }] } } });
  expect(readable(text).control.enforced).toEqual({ autoMerge: [], workflows: [] });
});

test("what an earlier version spread over objects is read: the breaker as it stands is the checkpoint", () => {
  const own = {
    window: [{ run: "17352.1", at: "2026-01-28T03:15:00Z", ok: 24, failed: 1 }],
    trips: 2,
    probe: { successes: 1, lease: { run: "17353.1", until: "2026-01-28T04:15:00Z" } },
  };
  const text = JSON.stringify({
    circuit_breaker: { npm: { state: "half-open" } },
    batchkeeper: { breakers: { npm: own } },
  });
  const at = Date.UTC(2026, 0, 28, 3, 15);
  expect(readable(text).control.breakers.get("npm")).toMatchObject({
    window: [{ run: "17352.1", startedAt: at, at, ok: 24, failed: 1 }],
    probe: { successes: 1 },
    lease: { run: "17353.1", until: Date.UTC(2026, 0, 28, 4, 15) },
    checkpoint: null,
  });
});

test.each(ODD_NAMES)("an ecosystem named %j is data like any other", (name) => {
  const entries = `{${JSON.stringify(name)}: {"state": "open", "failures": 7}}`;
  const own = `{"breakers": {${JSON.stringify(name)}: {"trips": 3}}}`;
  const { control } = readable(`{"circuit_breaker": ${entries}, "batchkeeper": ${own}}`);
  expect([...control.breakers.keys()]).toEqual([name]);
  expect(control.breakers.get(name)).toMatchObject({ state: "open", failures: 7, trips: 3 });
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("trips");
});

test("a key cannot lend its members to the object around it", () => {
  const smuggled = `{"__proto__": ${JSON.stringify(hold)}, "id": "h-000000"}`;
  expect(problemOf(`{"batchkeeper": {"holds": [${smuggled}]}}`).message).toContain("holds.0.scope");
  expect(readable(`{"__proto__": {"enabled": false}}`).switches.enabled).toBe(true);
});

test.each(["circuit_breaker", "disabled_ecosystems", "reason", "batchkeeper"])(
  "%s may be null, as a Go program prints an empty value",
  (key) => expect(readable(`{"${key}": null}`).control.breakers.size).toBe(0),
);

test("a breaker that was reset by deleting upstream's entry does not come back from ours", () => {
  expect(
    readable(`{"circuit_breaker": {}, "batchkeeper": {"breakers": {"npm": {"trips": 3}}}}`).control.breakers.size,
  ).toBe(0);
});

test("a switch that is missing says what the holds say", () => {
  const holds = JSON.stringify([hold, { ...hold, scope: "*" }]);
  const { switches } = readable(`{"batchkeeper": {"holds": ${holds}}}`);
  expect(switches).toMatchObject({ enabled: false, disabledEcosystems: ["homebrew"] });
});

describe("an unreadable file tells where", () => {
  test.each([
    ["nothing", "", 1, 1, "value expected"],
    ["a byte order mark", "\ufeff{}", 1, 1, 'invalid symbol: "<U+FEFF>"'],
    ["a trailing comma", '{\n  "enabled": true,\n}', 3, 1, 'property name expected: "}"'],
    ["a comment", '{\n  // why\n  "enabled": true\n}', 2, 3, 'invalid comment token: "// why"'],
    ["single quotes", "{'enabled': true}", 1, 2, "invalid symbol"],
    ["an end too early", '{"enabled": true', 1, 17, "close brace expected"],
    ["a merge conflict", '{\n<<<<<<< HEAD\n  "enabled": true\n}', 2, 1, 'invalid symbol: "<<<<<<<"'],
    ["two documents", "{}\r\n{}", 2, 1, "end of file expected"],
    ["a list", "\n []", 2, 2, "expected object"],
    ["a switch that is a word", '{\n  "enabled": "no"\n}', 2, 14, "enabled: "],
    ["a switch that is null", '{"enabled": null}', 1, 13, "enabled: "],
    ["a name instead of a list", '{"disabled_ecosystems": "homebrew"}', 1, 25, "disabled_ecosystems: "],
    ["a list of numbers", '{"disabled_ecosystems": ["npm", 5]}', 1, 33, "disabled_ecosystems.1: "],
    ["breakers in a list", '{"circuit_breaker": []}', 1, 21, "circuit_breaker: "],
    ["a breaker that is a word", '{"circuit_breaker": {"__proto__": "open"}}', 1, 35, "circuit_breaker.__proto__: "],
    ["holds in an object", '{"batchkeeper": {"holds": {}}}', 1, 27, "batchkeeper.holds: "],
    [
      "a hold without a moment",
      '{"batchkeeper": {"holds": [\n {"id": "h-3f2a91", "scope": "*", "kind": "operator"}]}}',
      2,
      2,
      "batchkeeper.holds.0.at: ",
    ],
    [
      "a hold on no ecosystem",
      `{"batchkeeper": {"holds": [${JSON.stringify({ ...hold, scope: "../x" })}]}}`,
      1,
      53,
      "Invalid scope",
    ],
    [
      "a hold of no known kind",
      `{"batchkeeper": {"holds": [${JSON.stringify({ ...hold, kind: "whim" })}]}}`,
      1,
      71,
      "holds.0.kind: ",
    ],
    [
      "a date without a zone",
      `{"batchkeeper": {"holds": [${JSON.stringify({ ...hold, at: "2026-01-28" })}]}}`,
      1,
      87,
      "Invalid date",
    ],
    ["a later version", '{"batchkeeper": {"version": 2}}', 1, 29, "batchkeeper.version: "],
    [
      "an outcome that is none",
      '{"batchkeeper": {"breakers": {"npm": {"window": ["17352.1 yesterday 24/1"]}}}}',
      1,
      50,
      "window.0: Invalid outcome",
    ],
    [
      "a lease that never ends",
      '{"batchkeeper": {"breakers": {"npm": {"probe": {"lease": "17352.1"}}}}}',
      1,
      58,
      "lease: Invalid lease",
    ],
    [
      "a checkpoint without a state",
      '{"batchkeeper": {"breakers": {"npm": {"checkpoint": "failures 3, trips 1"}}}}',
      1,
      53,
      "checkpoint.state: ",
    ],
    ["a run that is a number", '{"batchkeeper": {"seen": {"runs": [17352.1]}}}', 1, 36, "batchkeeper.seen.runs.0: "],
    ["a switch said twice", '{"enabled": true,\n "enabl\\u0065d": false}', 2, 2, "key said twice: enabled"],
    ["a breaker said twice", '{"circuit_breaker": {"npm": {}, "npm": {}}}', 1, 33, "key said twice: npm"],
    [
      "a state said twice",
      '{"circuit_breaker": {"npm": {"state": "open", "state": "closed"}}}',
      1,
      47,
      "key said twice: state",
    ],
    [
      "a hold's scope said twice",
      '{"batchkeeper": {"holds": [{"scope": "*", "scope": "npm"}]}}',
      1,
      43,
      "key said twice: scope",
    ],
  ])("%s", (_, text, line, column, message) => {
    const problem = problemOf(text);
    expect(problem).toMatchObject({ line, column });
    expect(problem.message).toContain(message);
  });
});

test("a key said twice in somebody else's part is somebody else's business", () => {
  expect(readControlFile('{"budget": {"a": 1, "a": 2}, "notes": [{"b": 1, "b": 2}]}').kind).toBe("readable");
});

test("a nest of brackets does not exhaust the stack", () => {
  expect(problemOf(`{"x": ${"[".repeat(500_000)}`)).toMatchObject({ line: 1, column: 262 });
  expect(problemOf(`{"x": "\n${"[".repeat(500_000)}"}`).message).toContain("nested deeper than 256 levels");
  expect(readControlFile(`{"x": ${"[".repeat(255)}${"]".repeat(255)}}`).kind).toBe("readable");
});

test("a file of 1 MB is read", () => {
  const breakers = Array.from({ length: 10_000 }, (_, index) => [
    `eco-${index}`,
    { state: "open", failures: index, opens_at: "" },
  ]);
  const text = JSON.stringify({ circuit_breaker: Object.fromEntries(breakers) }, null, 2);
  expect(text.length).toBeGreaterThan(900_000);
  expect(readable(text).control.breakers.size).toBe(10_000);
});

const fragment = fc.constantFrom(
  ...'{}[],:"\\/*-+.eE0192 \n\r\t\f\u00a0\ufeff\u2028\0',
  ...[
    "true",
    "null",
    "NaN",
    '"enabled"',
    '"circuit_breaker"',
    '"batchkeeper"',
    '"holds"',
    '"state"',
    "//x",
    '"\\u00zz"',
    '"\u0001"',
  ],
);

test.prop([
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join("")),
  ),
])("reading never throws, and reads no text that JSON.parse refuses", (text) => {
  if (readControlFile(text).kind === "readable") expect(JSON.parse(text)).toBeTypeOf("object");
});

test.prop([fc.dictionary(fc.string(), fc.jsonValue())])(
  "every JSON object without a key of ours is readable",
  (object) => {
    const { enabled, disabled_ecosystems, reason, circuit_breaker, batchkeeper, ...unknown } = object;
    expect(readControlFile(JSON.stringify(unknown)).kind).toBe("readable");
  },
);
