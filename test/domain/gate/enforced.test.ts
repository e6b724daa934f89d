import { describe, expect, test } from "vitest";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { forget, isNotable, note, type SuspendedMerge, workflowsToEnable } from "../../../src/domain/gate/enforced.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";

const at = Date.UTC(2026, 0, 28, 12);

const everything = (id: string): Hold => ({
  id,
  scope: "*",
  kind: "operator",
  reason: "",
  by: "olga",
  at,
  until: null,
  incidentUrl: "",
  source: "",
});

const merge = (pull: number, fields: Partial<SuspendedMerge> = {}): SuspendedMerge => ({
  pull,
  method: "SQUASH",
  headline: null,
  body: null,
  ...fields,
});

const empty = newControlFile().control;
const held = (...holds: Hold[]): Control => ({ ...empty, holds });

describe("what stops switched off", () => {
  test("stays noted as it was first found", () => {
    const once = note(empty, [merge(12, { headline: "batch" })], [], []);
    expect(note(once, [merge(12), merge(13)], [], []).enforced.autoMerge).toEqual([
      merge(12, { headline: "batch" }),
      merge(13),
    ]);
  });

  test("a workflow is enabled again when the last hold that asked for its end is gone", () => {
    const [one, other] = [everything("h-000001"), everything("h-000002")];
    const noted = note(note(held(one), [], ["a.yml"], [one]), [], [], [other]);
    expect(workflowsToEnable({ ...noted, holds: [one, other] })).toEqual([]);
    expect(workflowsToEnable({ ...noted, holds: [other] })).toEqual([]);
    expect(workflowsToEnable({ ...noted, holds: [] })).toEqual(["a.yml"]);
  });

  test("a note about auto-merge alone says nothing of workflows", () => {
    const noted = note(held(), [], ["a.yml"], [everything("h-000001")]);
    expect(note(noted, [merge(12)], [], []).enforced.workflows).toEqual(noted.enforced.workflows);
  });

  test("is forgotten once it is given back, and the key goes with the last of it", () => {
    const { text } = newControlFile();
    const noted = note(empty, [merge(12)], ["a.yml"], [everything("h-000001")]);
    const written = readSoundFile(writeControlFile(readSoundFile(text), noted));
    expect(written.control.enforced).toEqual(noted.enforced);
    const partly = forget(written.control, { pulls: [12], files: [] });
    expect(readSoundFile(writeControlFile(written, partly)).control.enforced).toEqual({
      ...noted.enforced,
      autoMerge: [],
    });
    const rest = readSoundFile(writeControlFile(written, forget(written.control, { pulls: [12], files: ["a.yml"] })));
    expect(rest.text).not.toContain("enforced");
  });

  test("a commit message that would fill the control file is not noted", () => {
    expect(isNotable(merge(12, { body: "x".repeat(2000) }))).toBe(true);
    expect(isNotable(merge(12, { body: "x".repeat(2001) }))).toBe(false);
  });
});
