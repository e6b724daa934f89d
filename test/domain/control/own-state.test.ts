import { test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { handEdits } from "../../../src/domain/control/hand-edit.ts";
import { restoreOwnState } from "../../../src/domain/control/own-state.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { arbitraryControl } from "./arbitrary-control.ts";

/** What upstream's Go program makes of a file: the fields that it knows. */
function withoutOwnState(text: string): object {
  const { batchkeeper, ...upstream } = JSON.parse(text);
  return upstream;
}

function written(control: Control): string {
  return writeControlFile(newControlFile(), control);
}

test.prop([arbitraryControl()])("a dropped key comes back and nothing is seen as edited by hand", (control) => {
  const earlier = readSoundFile(written(control));
  const today = readSoundFile(`${JSON.stringify(withoutOwnState(earlier.text), null, 2)}\n`);
  const restored = restoreOwnState(today, earlier);
  expect(restored.control).toEqual(control);
  expect(restored.text).toContain(earlier.text.slice(earlier.text.indexOf('"batchkeeper"')));
  expect(handEdits(restored, new Map())).toEqual([]);
});

test("of upstream's fields, today's version is right", () => {
  const entry = (failures: number) => ({ circuit_breaker: { npm: { state: "closed", failures } } });
  const earlier = readSoundFile(JSON.stringify({ ...entry(3), batchkeeper: { breakers: { npm: { trips: 2 } } } }));
  const restored = restoreOwnState(readSoundFile(JSON.stringify({ ...entry(4), batchkeeper: null })), earlier);
  expect(restored.control.breakers.get("npm")).toMatchObject({ failures: 4, trips: 2 });
  expect(restored.hasOwnState).toBe(true);
});

test("a hold lifted by hand meanwhile is found, not brought back in silence", () => {
  const holds = [{ id: "h-3f2a91", scope: "npm", kind: "operator", at: "2026-01-28T03:15:00Z" }];
  const earlier = readSoundFile(JSON.stringify({ disabled_ecosystems: ["npm"], batchkeeper: { holds } }));
  const restored = restoreOwnState(readSoundFile('{"disabled_ecosystems": []}'), earlier);
  expect(handEdits(restored, new Map())).toMatchObject([{ kind: "released", hold: { scope: "npm" } }]);
});

test("a file that has our key is left alone, and so is one without any version that had it", () => {
  const complete = readSoundFile('{"batchkeeper": {}}');
  const bare = readSoundFile("{}");
  expect(restoreOwnState(complete, readSoundFile('{"batchkeeper": {"seen": {"runs": ["1.1"]}}}'))).toBe(complete);
  expect(restoreOwnState(bare, readSoundFile('{"enabled": true}'))).toBe(bare);
});
