import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { CLOSED } from "../../../src/domain/breaker/breaker.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { handEdits } from "../../../src/domain/control/hand-edit.ts";
import { switchesOf } from "../../../src/domain/control/switches.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";
import { addHold, releaseHolds } from "../../../src/domain/holds/standing.ts";
import { arbitraryControl } from "./arbitrary-control.ts";
import { arbitraryObjectText } from "./arbitrary-json.ts";

const at = Date.UTC(2026, 0, 28, 3, 15);
const stop: Hold = {
  id: "h-3f2a91",
  scope: "*",
  kind: "operator",
  reason: "mirror returns 503",
  by: "olga",
  at,
  until: null,
  incidentUrl: "https://github.com/acme/recipes/issues/7",
  source: "https://github.com/acme/recipes/issues/7#issuecomment-1",
};

/** The text after a decision on what `text` says. */
function after(text: string, decide: (control: Control) => Control): string {
  const file = readSoundFile(text);
  return writeControlFile(file, decide(file.control));
}

function setBreaker(name: string, breaker: typeof CLOSED) {
  return (control: Control): Control => ({ ...control, breakers: new Map(control.breakers).set(name, breaker) });
}

const entryText = (entry: string) =>
  `{"circuit_breaker": {"npm": ${entry}}, "batchkeeper": {"version": 1, "holds": [], "breakers": {}, "seen": {}}}\n`;

/** What the text says of npm once its breaker is `breaker`. */
function entryAfter(entry: string, breaker: Partial<typeof CLOSED>): unknown {
  return JSON.parse(after(entryText(entry), setBreaker("npm", { ...CLOSED, ...breaker }))).circuit_breaker.npm;
}

test("a first stop is written as jq would write it", () => {
  const text = after(newControlFile().text, (control) =>
    setBreaker("homebrew", { ...CLOSED, state: "open", failures: 5, lastFailure: at, opensAt: null, trips: 1 })(
      addHold(control, stop),
    ),
  );
  expect(text).toBe(`{
  "enabled": false,
  "disabled_ecosystems": [],
  "reason": "mirror returns 503",
  "incident_url": "https://github.com/acme/recipes/issues/7",
  "disabled_by": "olga",
  "disabled_at": "2026-01-28T03:15:00Z",
  "expected_resume": "",
  "circuit_breaker": {
    "homebrew": {
      "state": "open",
      "failures": 5,
      "last_failure": "2026-01-28T03:15:00Z",
      "opens_at": ""
    }
  },
  "budget": {
    "macos_minutes_used": 0,
    "linux_minutes_used": 0,
    "week_start": "",
    "sampling_active": false
  },
  "batchkeeper": {
    "version": 1,
    "holds": [
      {
        "id": "h-3f2a91",
        "scope": "*",
        "kind": "operator",
        "reason": "mirror returns 503",
        "by": "olga",
        "at": "2026-01-28T03:15:00Z",
        "until": "",
        "incident_url": "https://github.com/acme/recipes/issues/7",
        "source": "https://github.com/acme/recipes/issues/7#issuecomment-1"
      }
    ],
    "breakers": {
      "homebrew": {
        "window": [],
        "trips": 1,
        "probe": null,
        "checkpoint": null
      }
    },
    "seen": {
      "since": "",
      "runs": []
    }
  }
}
`);
});

test("lifting the only stop leaves upstream's fields as they were", () => {
  const { text } = newControlFile();
  const resumed = after(
    after(text, (control) => addHold(control, stop)),
    (control) => releaseHolds(control, () => true),
  );
  expect(resumed.slice(0, resumed.indexOf(',\n  "batchkeeper"'))).toBe(text.slice(0, text.lastIndexOf("\n}")));
});

test("missing keys are put in upstream's order, ours last", () => {
  const text = after('{"custom": 1, "reason": "", "budget": {}}', (control) =>
    setBreaker("npm", CLOSED)(addHold(control, stop)),
  );
  expect(Object.keys(JSON.parse(text))).toEqual([
    ...["enabled", "disabled_ecosystems", "custom", "reason", "incident_url", "disabled_by", "disabled_at"],
    ...["expected_resume", "circuit_breaker", "budget", "batchkeeper"],
  ]);
});

test("a missing member of an entry goes to its place among the others", () => {
  const entry = entryAfter('{"state": "closed", "failures": 4, "opens_at": "", "note": "x"}', {
    failures: 5,
    lastFailure: at,
  });
  expect(Object.entries(entry as object)).toEqual([
    ["state", "closed"],
    ["failures", 5],
    ["last_failure", "2026-01-28T03:15:00Z"],
    ["opens_at", ""],
    ["note", "x"],
  ]);
});

describe("where there is no date, the entry says so as upstream does", () => {
  test.each([
    ['{"state": "closed", "failures": 3}', { failures: 4 }, { state: "closed", failures: 4 }],
    [
      '{"state": "closed", "failures": 3, "opens_at": null}',
      { failures: 4 },
      { state: "closed", failures: 4, opens_at: "" },
    ],
    ["{}", { state: "open" as const }, { state: "open", failures: 0, opens_at: "" }],
    ["null", { failures: 1 }, { state: "closed", failures: 1 }],
  ])("%s", (entry, breaker, expected) => expect(entryAfter(entry, breaker)).toEqual(expected));
});

test("a breaker that nobody decided on keeps its spelling, garbled or not", () => {
  const garbled = '{ "failures": "4",  "state": "HALF_OPEN", "opens_at": "soon" }';
  const text = after(entryText(garbled), setBreaker("homebrew", CLOSED));
  expect(text).toContain(`"npm": ${garbled}`);
  expect(after(text, setBreaker("npm", CLOSED))).not.toContain("HALF_OPEN");
});

test("a hold that nobody decided on keeps its spelling and its unknown keys", () => {
  const raw =
    '{ "id": "h-000001", "scope": "npm", "kind": "security", "at": "2026-01-28T04:15:00+01:00", "approved": 1.0 }';
  const text = after(`{"batchkeeper": {"holds": [${raw}]}}`, (control) => addHold(control, stop));
  expect(text).toContain(raw);
  const [hold] = readSoundFile(text).control.holds;
  const changed = after(text, (control) => addHold(control, { ...(hold ?? stop), reason: "drift" }));
  expect(JSON.parse(changed).batchkeeper.holds[0]).toMatchObject({
    reason: "drift",
    approved: 1,
    at: "2026-01-28T03:15:00Z",
  });
});

test("our budget is kept by a decision on something else", () => {
  const budget = '{"ecosystems": {"__proto__": {"macos": 1.50}}}';
  expect(after(`{"batchkeeper": {"budget": ${budget}}}`, (control) => addHold(control, stop))).toContain(
    `"budget": ${budget}`,
  );
});

test("a breaker that is dropped goes from both parts and leaves no torn braces", () => {
  const { text } = newControlFile();
  const dropped = after(after(text, setBreaker("npm", CLOSED)), (control) => ({ ...control, breakers: new Map() }));
  expect(dropped).toContain('"circuit_breaker": {},');
  expect(dropped).toContain('"breakers": {},');
});

test("names that cannot be held stay where somebody put them", () => {
  const text = after('{"disabled_ecosystems": ["../x", "npm", "__proto__", "../x"]}', (control) =>
    addHold(control, stop),
  );
  expect(JSON.parse(text).disabled_ecosystems).toEqual(["../x", "__proto__"]);
});

test("a stop made by hand survives a decision on a breaker", () => {
  const text = after('{"enabled": false, "disabled_ecosystems": ["npm"]}', setBreaker("homebrew", CLOSED));
  expect(JSON.parse(text)).toMatchObject({ enabled: false, disabled_ecosystems: ["npm"] });
});

test("holds that were adopted before the decision are written although the decision changed nothing", () => {
  const file = newControlFile();
  const ahead = { ...file, control: addHold(file.control, stop) };
  expect(readSoundFile(writeControlFile(ahead, ahead.control)).control).toEqual(ahead.control);
});

test("a changed file ends with a line break", () => {
  expect(after("{}", (control) => addHold(control, stop))).toMatch(/}\n$/);
  expect(after("{}\r\n\n", (control) => addHold(control, stop))).toMatch(/}\r\n\n$/);
});

test("one change in a file of 1 MB changes nothing else", () => {
  const entries = Array.from({ length: 10_000 }, (_, index) => [
    `eco-${index}`,
    { state: "open", failures: index, opens_at: "" },
  ]);
  const text = JSON.stringify({ circuit_breaker: Object.fromEntries(entries) }, null, 2);
  const written = after(text, setBreaker("npm", CLOSED));
  expect(written).toContain('"npm": {');
  expect(written.startsWith(text.slice(0, -8))).toBe(true);
});

test.prop([arbitraryObjectText])("an unchanged control leaves any text as it is", (text) => {
  expect(after(text, (control) => control)).toBe(text);
});

test.prop([arbitraryControl()])("an unchanged control leaves what we wrote as it is", (control) => {
  const text = after(newControlFile().text, () => control);
  expect(after(text, structuredClone)).toBe(text);
});

test.prop([arbitraryObjectText, arbitraryControl(), arbitraryControl()])(
  "whatever the file was, it says afterwards what was decided",
  (text, first, second) => {
    const once = after(text, () => first);
    expect(readSoundFile(once).control).toEqual(first);
    expect(readSoundFile(after(once, () => second)).control).toEqual(second);
  },
);

test.prop([arbitraryObjectText, arbitraryControl(), arbitraryControl()])(
  "what is not ours keeps its spelling and its order",
  (text, first, second) => {
    const spelled = text.slice(1, -1).trimEnd();
    expect(
      after(
        after(text, () => first),
        () => second,
      ),
    ).toContain(spelled);
  },
);

test.prop([arbitraryControl(), arbitraryControl()])(
  "the switches say what the holds say, and no hand is seen in it",
  (first, second) => {
    const file = readSoundFile(
      after(
        after(newControlFile().text, () => first),
        () => second,
      ),
    );
    expect(file.switches).toEqual(switchesOf(second.holds));
    expect(handEdits(file, new Map([["cargo", "crates.io"]]))).toEqual([]);
  },
);

test.prop([arbitraryControl(fc.stringMatching(/^[a-z_]\w*$/))])(
  "what we write is what JSON.stringify prints",
  (control) => {
    const text = after(newControlFile().text, () => control);
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  },
);
