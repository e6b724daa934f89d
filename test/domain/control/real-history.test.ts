import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSoundFile } from "../../../src/domain/control/control-file.ts";
import { handEdits } from "../../../src/domain/control/hand-edit.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";

const folder = process.env.BATCHKEEPER_REAL_DATA;

describe.skipIf(folder === undefined)("the history of the real control file", () => {
  const versions =
    folder === undefined
      ? []
      : readFileSync(join(folder, "upstream/control-history.jsonl"), "utf8")
          .trimEnd()
          .split("\n")
          .map((line): string => JSON.parse(line).text);

  test("every version is read and printed byte for byte", () => {
    expect(versions.length).toBeGreaterThan(100);
    for (const text of versions) {
      const file = readSoundFile(text);
      expect(writeControlFile(file, file.control)).toBe(text);
      expect(file.control.breakers.size).toBe(Object.keys(JSON.parse(text).circuit_breaker).length);
    }
  });

  test("no version was edited by hand in a way that would be adopted", () => {
    for (const text of versions) expect(handEdits(readSoundFile(text), new Map())).toEqual([]);
  });

  test("each version turns into the next by the decision between them, written as upstream wrote it", () => {
    const differently = versions.slice(1).filter((text, index) => {
      const before = readSoundFile(versions[index] ?? "");
      const written = writeControlFile(before, readSoundFile(text).control);
      expect(readSoundFile(written).control.breakers).toEqual(readSoundFile(text).control.breakers);
      return withoutOwnState(written) !== text;
    });
    // Twice the order of the entries or an empty date differs: a reset by a person, and the Go program's own order. Three
    // times ecosystems are new, and are put where they belong in the alphabet; upstream's scripts put them last.
    expect(differently.length).toBe(5);
  });
});

function withoutOwnState(text: string): string {
  const start = text.indexOf(',\n  "batchkeeper"');
  return start === -1 ? text : `${text.slice(0, start)}\n}\n`;
}
