import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { Control } from "../../../src/domain/control/control.ts";
import { type ControlFile, newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { adoptHandEdits, handEdits, keepSecurity } from "../../../src/domain/control/hand-edit.ts";
import { illFormedStops } from "../../../src/domain/control/switches.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { parseEcosystem, type Scope } from "../../../src/domain/ecosystem.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";
import { arbitraryControl } from "./arbitrary-control.ts";

const aliases = new Map([["cargo", "crates.io"]]);
const at = Date.UTC(2026, 0, 28, 3, 15);
const commit = { author: "mira", url: "https://github.com/acme/recipes/commit/5f0c", at };

function hold(scope: string, rest: Partial<Hold> = {}): Hold {
  const parsed: Scope | null = scope === "*" ? scope : parseEcosystem(scope, new Map());
  if (parsed === null) throw new Error(scope);
  const nothing = { reason: "", by: "olga", at, until: null, incidentUrl: "", source: "" };
  return { id: "h-3f2a91", scope: parsed, kind: "operator", ...nothing, ...rest };
}

/** A file that we wrote for these holds and that somebody then changed as `jq` would. */
function edited(holds: readonly Hold[], edit: object): ControlFile {
  const file = newControlFile();
  const text = writeControlFile(file, { ...file.control, holds });
  return readSoundFile(JSON.stringify({ ...JSON.parse(text), ...edit }, null, 2));
}

function adopted(file: ControlFile): Control {
  return adoptHandEdits(file.control, handEdits(file, aliases), commit);
}

describe("the runbook's commands become holds", () => {
  test("disabling an ecosystem", () => {
    const file = edited([], { disabled_ecosystems: ["homebrew", "homebrew"] });
    expect(adopted(file).holds).toEqual([
      hold("homebrew", { id: expect.stringMatching(/^h-[0-9a-f]{6}$/), by: "mira", source: commit.url }),
    ]);
  });

  test("disabling everything, with the words that the command writes", () => {
    const file = edited([], {
      enabled: false,
      reason: "Emergency stop:\nmirror compromised",
      disabled_by: "olga",
      incident_url: "https://github.com/acme/recipes/issues/7",
      disabled_at: "2026-01-27T00:00:00Z",
      expected_resume: "2026-01-29T00:00:00Z",
    });
    expect(adopted(file).holds).toMatchObject([
      {
        scope: "*",
        kind: "operator",
        reason: "Emergency stop: mirror compromised",
        by: "olga",
        at: Date.UTC(2026, 0, 27),
        until: Date.UTC(2026, 0, 29),
        incidentUrl: "https://github.com/acme/recipes/issues/7",
      },
    ]);
  });

  test("an expected date that is no moment is kept as words", () => {
    const file = edited([], { enabled: false, reason: "mirror down", expected_resume: "next Monday" });
    expect(adopted(file).holds).toMatchObject([
      { reason: "mirror down; expected to resume: next Monday", until: null },
    ]);
  });

  test("the commit's reason stands in where the file gives none", () => {
    const edits = handEdits(edited([], { disabled_ecosystems: ["npm"] }), aliases);
    const { holds } = adoptHandEdits(newControlFile().control, edits, { ...commit, reason: "registry down" });
    expect(holds).toMatchObject([{ reason: "registry down" }]);
  });

  test("re-enabling releases every hold that the switches no longer show", () => {
    const holds = [hold("*"), hold("npm", { kind: "budget" })];
    expect(adopted(edited(holds, { enabled: true, disabled_ecosystems: [] })).holds).toEqual([]);
  });
});

test("words of our own hold are not taken for those of a stop made by hand", () => {
  const file = edited([hold("npm", { reason: "ours" })], { disabled_ecosystems: ["npm", "pypi"] });
  expect(adopted(file).holds).toMatchObject([
    { scope: "npm", reason: "ours", by: "olga" },
    { scope: "pypi", reason: "", by: "mira" },
  ]);
});

test.each([["cargo"], ["CARGO"], ["Crates.IO"], ["cargo", "crates.io"]])(
  "%j in the list is the hold on crates.io",
  (...names) => {
    expect(handEdits(edited([hold("crates.io")], { disabled_ecosystems: names }), aliases)).toEqual([]);
  },
);

test("a star in the list is a stop of everything", () => {
  const file = edited([], { disabled_ecosystems: ["*"] });
  expect(handEdits(file, aliases)).toMatchObject([{ kind: "stopped", scope: "*" }]);
  expect(JSON.parse(writeControlFile(file, adopted(file)))).toMatchObject({ enabled: false, disabled_ecosystems: [] });
});

test("names that no ecosystem can have are shown, not adopted, and not lost", () => {
  const names = ["../x", "__proto__", "", "hombrew\u202e"];
  const file = edited([], { disabled_ecosystems: [...names, "npm"] });
  expect(handEdits(file, aliases)).toMatchObject([{ kind: "stopped", scope: "npm" }]);
  expect(illFormedStops(file.switches)).toEqual(names);
  const text = writeControlFile(file, adopted(file));
  expect(JSON.parse(text).disabled_ecosystems).toEqual(["npm", ...names]);
});

test("a key that was deleted lifts nothing", () => {
  expect(
    handEdits(edited([hold("*"), hold("npm")], { enabled: undefined, disabled_ecosystems: undefined }), aliases),
  ).toEqual([]);
});

test.prop([arbitraryControl(), arbitraryControl()])(
  "adopting makes the holds agree with the switches, and once is enough",
  (ours, theirs) => {
    const { text } = newControlFile();
    const switches = JSON.parse(writeControlFile(readSoundFile(text), theirs));
    const mixed = { ...switches, batchkeeper: JSON.parse(writeControlFile(readSoundFile(text), ours)).batchkeeper };
    const file = readSoundFile(JSON.stringify(mixed));
    const edits = handEdits(file, aliases);
    const control = adoptHandEdits(file.control, edits, commit);
    expect(adoptHandEdits(control, edits, commit)).toEqual(control);
    expect(handEdits(readSoundFile(writeControlFile(file, control)), aliases)).toEqual([]);
  },
);

describe("a security hold that somebody takes out of the switches", () => {
  const holds = [hold("*", { kind: "security" }), hold("npm", { kind: "budget" })];
  const file = edited(holds, { enabled: true, disabled_ecosystems: [], reason: "" });
  const edits = keepSecurity(handEdits(file, aliases));
  const control = adoptHandEdits(file.control, edits, commit);

  test("stands, and no other does", () => {
    expect(edits.map(({ kind }) => kind)).toEqual(["kept", "released"]);
    expect(control.holds).toEqual(holds.slice(0, 1));
  });

  test("is put back into the switches, by a decision on anything", () => {
    expect(JSON.parse(writeControlFile(file, file.control))).toMatchObject({ enabled: false });
    const text = writeControlFile(file, control);
    expect(JSON.parse(text)).toMatchObject({ enabled: false, disabled_ecosystems: [] });
    expect(handEdits(readSoundFile(text), aliases)).toEqual([]);
  });
});

test("an end that was past when a stop was made by hand is left over, and ends nothing", () => {
  const file = edited([], { enabled: false, expected_resume: "2026-01-27T00:00:00Z" });
  expect(adopted(file).holds).toMatchObject([{ scope: "*", until: null }]);
});
